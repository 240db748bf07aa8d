{{- define "impasto.name" -}}
{{ printf "%s-impasto" .Release.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "impasto.selector" -}}
app.kubernetes.io/name: impasto
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "impasto.labels" -}}
{{ include "impasto.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "impasto.tokenSecret" -}}
{{ .Values.token.existingSecret | default (printf "%s-token" (include "impasto.name" .)) }}
{{- end }}
