import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What every metric is declared with. Label values must come from a small fixed set, never from a scanned page. */
interface MetricOptions<TLabel extends string> {
  /** Prometheus name with its unit at the end, such as `scans_finished_total`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly TLabel[];
}

/** The metrics of one service. Asking for a name twice gives the same metric. */
export interface Metrics {
  readonly registry: Registry;
  counter<TLabel extends string = never>(options: MetricOptions<TLabel>): Counter<TLabel>;
  gauge<TLabel extends string = never>(
    options: MetricOptions<TLabel> & {
      /** Called at each scrape to set the gauge. */
      readonly collect?: (gauge: Gauge<TLabel>) => void | Promise<void>;
    },
  ): Gauge<TLabel>;
  histogram<TLabel extends string = never>(
    options: MetricOptions<TLabel> & {
      /** Upper bounds in the unit of the name, ascending. */
      readonly buckets: readonly number[];
    },
  ): Histogram<TLabel>;
}

/** A registry of its own with the metrics of the process; every metric carries the label `service`. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  return {
    registry,
    counter({ name, help, labels = [] }) {
      const known = registry.getSingleMetric(name);
      return known instanceof Counter ? known : new Counter({ name, help, labelNames: labels, registers });
    },
    gauge({ name, help, labels = [], collect }) {
      const known = registry.getSingleMetric(name);
      if (known instanceof Gauge) return known;
      const gauge: Gauge = new Gauge({
        name,
        help,
        labelNames: labels,
        registers,
        ...(collect ? { collect: () => collect(gauge) } : {}),
      });
      return gauge;
    },
    histogram({ name, help, labels = [], buckets }) {
      const known = registry.getSingleMetric(name);
      if (known instanceof Histogram) return known;
      return new Histogram({ name, help, labelNames: labels, registers, buckets: [...buckets] });
    },
  };
}
