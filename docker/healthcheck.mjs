// Says by its exit code whether the service in this container is ready: node /app/docker/healthcheck.mjs <port>
const [port] = process.argv.slice(2);
const response = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(4_000) });
process.exitCode = response.ok ? 0 : 1;
