"""Whatever is switched on, the chart makes manifests that Kubernetes takes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

CHART = Path(__file__).parents[2] / "deploy" / "chart"
SECRET = {"token": {"value": "a-long-secret"}}
OFTEN = {**SECRET, "persistence": {"enabled": False}}
VERSIONS = ("1.25", "1.37")
TRIALS: dict[str, dict[str, Any]] = {
    "as it comes": SECRET,
    "secret of others": {"token": {"existingSecret": "mine"}},
    "by processor": OFTEN | {"autoscaling": {"enabled": True}},
    "by queue": OFTEN | {"autoscaling": {"enabled": True, "by": "queue"}},
    "several": OFTEN | {"replicas": 3, "podDisruptionBudget": {"enabled": True}},
    "a bucket": OFTEN
    | {
        "storage": "s3://bucket/prefix",
        "env": [
            {
                "name": "AWS_SECRET_ACCESS_KEY",
                "valueFrom": {"secretKeyRef": {"name": "bucket", "key": "secret"}},
            }
        ],
        "networkPolicy": {"egress": [{"ports": [{"port": 443}]}]},
    },
    "a name": SECRET
    | {
        "ingress": {
            "enabled": True,
            "className": "nginx",
            "tlsSecret": "tls",
            "annotations": {"nginx.ingress.kubernetes.io/proxy-body-size": "64m"},
        },
        "settings": {"IMPASTO_MAX_BODY": "16"},
    },
    "a GPU": SECRET
    | {
        "image": {"tag": "cuda"},
        "resources": {"limits": {"nvidia.com/gpu": 1, "memory": "16Gi"}},
        "nodeSelector": {"gpu": "yes"},
        "tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists"}],
    },
    "watched": SECRET | {"serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}}},
}
Make = Callable[..., list[dict[str, Any]]]


def one(manifests: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    (found,) = [manifest for manifest in manifests if manifest["kind"] == kind]
    return found


@pytest.fixture(params=TRIALS)
def trial(request: pytest.FixtureRequest) -> dict[str, Any]:
    return TRIALS[request.param]


def test_kubernetes_takes_what_the_chart_makes(trial: dict[str, Any], manifests: Make) -> None:
    for manifest in manifests(**trial):
        if manifest["kind"] != "ServiceMonitor":  # of the Prometheus operator
            for version in VERSIONS:
                kubernetes_validate.validate(manifest, version, strict=True)


def test_values_fit_their_schema(trial: dict[str, Any]) -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    jsonschema.validate(values, schema)
    jsonschema.validate(trial, schema)
    for wrong in (
        {"replica": 2},
        {"settings": {"IMPASTO_MAX_PIXELS": 50_000_000}},  # helm would write 5e+07
        {"settings": {"IMPASTO_TOKEN": "in the open"}},
        {"storage": "file:///etc"},
        {"token": {"value": "short"}},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def test_a_pod_may_do_little(trial: dict[str, Any], manifests: Make) -> None:
    pod = one(manifests(**trial), "Deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(container)
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in pod["volumes"]}


def test_every_selector_finds_the_pods(trial: dict[str, Any], manifests: Make) -> None:
    made = manifests(**trial)
    deployment = one(made, "Deployment")["spec"]
    labels = deployment["template"]["metadata"]["labels"].items()
    assert deployment["selector"]["matchLabels"].items() <= labels
    assert one(made, "Service")["spec"]["selector"].items() <= labels
    assert one(made, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"].items() <= labels


def test_nobody_serves_without_a_token(manifests: Make) -> None:
    with pytest.raises(Exception, match="token"):
        manifests()
    made = manifests(**SECRET)
    (variable,) = one(made, "Deployment")["spec"]["template"]["spec"]["containers"][0]["env"]
    reference = variable["valueFrom"]["secretKeyRef"]
    assert variable["name"] == "IMPASTO_TOKEN"
    assert one(made, "Secret")["metadata"]["name"] == reference["name"]
    assert one(made, "Secret")["stringData"] == {reference["key"]: "a-long-secret"}


def test_several_pods_never_share_a_folder(manifests: Make) -> None:
    for several in ({"replicas": 2}, {"autoscaling": {"enabled": True}}):
        with pytest.raises(Exception, match="persistence"):
            manifests(**SECRET, **several)
        kinds = {manifest["kind"] for manifest in manifests(**OFTEN, **several)}
        assert "PersistentVolumeClaim" not in kinds
    assert one(manifests(**SECRET), "Deployment")["spec"]["strategy"]["type"] == "Recreate"


def test_the_chart_is_of_this_version() -> None:
    from impasto.version import __version__

    assert yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"] == __version__
