# The dashboard for a team: docker build -t influencer-return .
# docker run -p 8866:8866 -e HK_METRICS_TOKEN=… -v influencer-return:/var/lib/hk-metrics influencer-return
FROM python:3.12-slim

# Chromium prints pages as PDF, driven by a Node that needs libatomic; the fonts have ₹ and Indian
# scripts.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends chromium libatomic1 fonts-noto-core \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/hk-metrics
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY hk_metrics ./hk_metrics
COPY notebooks ./notebooks
RUN pip install --no-cache-dir --constraint constraints.txt '.[dashboard,reports,database,pdf]'

RUN useradd --create-home --uid 10001 hk \
    && install --directory --owner=hk /var/lib/hk-metrics
USER hk
ENV HK_METRICS_STORE=/var/lib/hk-metrics/store
VOLUME /var/lib/hk-metrics
EXPOSE 8866

# Answers without starting a session.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8866/hk/health', timeout=4)"]

# Without HK_METRICS_TOKEN it refuses to start: this address is open to others.
CMD ["hk-metrics", "serve", "--host", "0.0.0.0", "--port", "8866"]
