/** MLflow's MetricThreshold, by its own names. */
export interface MetricThreshold {
  readonly threshold?: number | undefined;
  readonly min_absolute_change?: number | undefined;
  readonly min_relative_change?: number | undefined;
  readonly greater_is_better: boolean;
}

interface Validated {
  /** Null where MLflow itself breaks: a change of 0 is asked and there is no baseline. */
  readonly pass: boolean | null;
  readonly missing_candidate: boolean;
  readonly missing_baseline: boolean;
  readonly threshold_failed: boolean;
  readonly min_absolute_change_failed: boolean;
  readonly min_relative_change_failed: boolean;
}

const sound = {
  missing_candidate: false,
  missing_baseline: false,
  threshold_failed: false,
  min_absolute_change_failed: false,
  min_relative_change_failed: false,
};

/**
 * What mlflow.validate_evaluation_results says of the same numbers, float noise and all, for whoever moves a threshold
 * from there to a gate (MLflow 3, mlflow/models/evaluation/validation.py).
 */
export function mlflowThreshold(candidate: number | null, baseline: number | null, asked: MetricThreshold): Validated {
  const { threshold, min_absolute_change: abs, min_relative_change: rel, greater_is_better: up } = asked;
  if (candidate === null) return { ...sound, pass: false, missing_candidate: true };
  const reaches = (limit: number) => (up ? candidate >= limit : candidate <= limit);
  const beyond = (base: number, change: number) => (up ? base + change : base - change);
  const threshold_failed = threshold !== undefined && !reaches(threshold);
  if (baseline === null) {
    // To MLflow a change of 0 is none, until it computes with it.
    if (abs || rel) return { ...sound, pass: false, threshold_failed, missing_baseline: true };
    const breaks = abs !== undefined || rel !== undefined;
    return { ...sound, threshold_failed, pass: breaks ? null : !threshold_failed };
  }
  const min_absolute_change_failed = abs !== undefined && !reaches(beyond(baseline, abs));
  const min_relative_change_failed =
    rel !== undefined &&
    (baseline === 0
      ? !reaches(beyond(baseline, 1e-10))
      : (up ? candidate - baseline : baseline - candidate) / baseline < rel);
  const pass = !threshold_failed && !min_absolute_change_failed && !min_relative_change_failed;
  return { ...sound, pass, threshold_failed, min_absolute_change_failed, min_relative_change_failed };
}
