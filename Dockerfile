# Images of the server: docker build --target cpu . (or cuda, lambda). See docs/deploy.md.
ARG PYTHON=3.11-slim-bookworm

# The package as a wheel, and empty environments without pip for what is installed.
FROM python:${PYTHON} AS build
WORKDIR /source
RUN python -m venv --without-pip /opt/impasto
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY src src
RUN PIP_CONSTRAINT=constraints.txt pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

# What paints with OpenVINO. Its telemetry is not installed, so it can report nothing.
FROM build AS cpu-packages
RUN pip --python /opt/impasto/bin/python install --no-cache-dir --constraint constraints.txt \
      "$(ls /wheels/*.whl)[serve,s3,huge]" \
 && pip --python /opt/impasto/bin/python uninstall --yes openvino-telemetry

# What paints, optimises and trains with torch on a GPU; the host brings only the driver.
FROM cpu-packages AS cuda-packages
ARG TORCH_INDEX=https://download.pytorch.org/whl/cu130
RUN pip --python /opt/impasto/bin/python install --no-cache-dir --constraint constraints.txt \
      --extra-index-url "${TORCH_INDEX}" "$(ls /wheels/*.whl)[serve,s3,huge,train]" \
 && pip --python /opt/impasto/bin/python uninstall --yes openvino-telemetry

# Nothing is written outside /data, where jobs and pictures lie, and /tmp.
FROM python:${PYTHON} AS server
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data impasto \
 && install --directory --owner impasto --group impasto --mode 0750 /data
COPY --chmod=0755 deploy/entrypoint.sh /usr/local/bin/impasto-entrypoint
ENV PATH=/opt/impasto/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    IMPASTO_HOST=0.0.0.0 \
    IMPASTO_PORT=8000 \
    IMPASTO_FOLDER=/data/server \
    IMPASTO_HOME=/data/home \
    IMPASTO_CACHE=/data/cache
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['IMPASTO_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["impasto-entrypoint"]
CMD ["serve", "--log"]

# A function of AWS Lambda: one request at a time, in one process, nothing kept but /tmp.
FROM python:${PYTHON} AS lambda
COPY --from=cpu-packages /opt/impasto /opt/impasto
RUN pip install --no-cache-dir --target /opt/runtime awslambdaric==4.2.2
ENV PATH=/opt/impasto/bin:$PATH \
    PYTHONPATH=/opt/runtime \
    PYTHONDONTWRITEBYTECODE=1 \
    IMPASTO_FOLDER=/tmp/server \
    IMPASTO_HOME=/tmp/home \
    IMPASTO_CACHE=/tmp/cache
USER 10001:10001
ENTRYPOINT ["python", "-m", "awslambdaric"]
CMD ["impasto.serving.serverless.handler"]
HEALTHCHECK NONE

FROM server AS cuda
COPY --from=cuda-packages /opt/impasto /opt/impasto
ENV IMPASTO_DEVICE=cuda \
    IMPASTO_MEMORY=0 \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility

FROM server AS cpu
COPY --from=cpu-packages /opt/impasto /opt/impasto
