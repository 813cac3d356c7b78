FROM python:3.13-slim AS builder
WORKDIR /chatflow
RUN python -m venv --without-pip /venv
COPY requirements.lock ./
RUN pip --python /venv install --no-cache-dir --no-compile --require-hashes -r requirements.lock
COPY . .
# Editable, because ChatFlow runs from its source tree: the migrations lie beside the application.
# Compiled without timestamps, which a copy between stages need not keep; readable by anybody,
# since the files have the modes that the umask of whoever cloned them left.
RUN pip --python /venv install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && pip --python /venv uninstall --yes flit_core \
    && python -m compileall -q --invalidation-mode unchecked-hash /venv/lib app migrations \
    && chmod -R a+rX .

FROM python:3.13-slim
LABEL org.opencontainers.image.title="ChatFlow" \
      org.opencontainers.image.description="A chat backend that a team can start in one command and trust in production." \
      org.opencontainers.image.licenses="MIT"
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CHATFLOW_ENVIRONMENT=production
WORKDIR /chatflow
COPY --from=builder /venv /venv
COPY --from=builder /chatflow /chatflow
# A volume that is put there takes its owner from it.
RUN install -d -o 10001 -g 10001 -m 700 /var/lib/chatflow
# A number, so that an orchestrator can see that it is not root.
USER 10001:10001
EXPOSE 3000
STOPSIGNAL SIGTERM
# Not urllib: it would ask the proxy that Docker may put into the environment.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-c", \
    "from http.client import HTTPConnection as C; c = C('127.0.0.1', 3000, timeout=4); c.request('GET', '/up'); exit(c.getresponse().status != 200)"]
CMD ["chatflow", "serve", "--host", "0.0.0.0", "--port", "3000"]
