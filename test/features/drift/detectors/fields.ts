import { z } from 'zod';
import { contingency, goodnessOfFit } from '../../../../src/features/drift/detectors/chi-square.ts';
import {
  hellinger,
  jsDistance,
  jsDistanceNat,
  jsDivergence,
  lInfinity,
  totalVariation,
} from '../../../../src/features/drift/detectors/distances.ts';
import {
  ksOfBins,
  normedWassersteinOfBins,
  stdOfBins,
  wassersteinOfBins,
} from '../../../../src/features/drift/detectors/ordered-bins.ts';
import { psi, psiAddHalf, psiEvidently } from '../../../../src/features/drift/detectors/psi.ts';
import {
  countsBetween,
  decilesOf,
  ksD,
  ksPs,
  normedWasserstein,
  psiOfDeciles,
  stdOf,
  wasserstein,
} from '../../../../src/features/drift/detectors/samples.ts';

type Numbers = readonly number[];

/** JSON has no NaN and no infinity: null and words stand for them. */
export const AnyNumber = z.union([
  z.number(),
  z.null().transform(() => Number.NaN),
  z.enum(['Infinity', '-Infinity', 'NaN']).transform(Number),
]);

/** What two histograms are expected to say, by the vectors' names. */
export const ofHistograms: Record<string, (ref: Numbers, cur: Numbers, edges: Numbers) => unknown> = {
  psi,
  psi_evidently: psiEvidently,
  psi_add_half: psiAddHalf,
  js_divergence_base2: jsDivergence,
  js_distance_base2: jsDistance,
  js_distance_nat: jsDistanceNat,
  hellinger,
  l_infinity: lInfinity,
  tvd: totalVariation,
  chi2_gof: goodnessOfFit,
  chi2_contingency: contingency,
  ks_binned: ksOfBins,
  w1_binned: wassersteinOfBins,
  ref_std_binned: (ref, _, edges) => stdOfBins(ref, edges),
  w1_binned_normed: normedWassersteinOfBins,
};

/** What two samples are expected to say. Both come in rising order. */
export const ofSamples: Record<string, (ref: Float64Array, cur: Float64Array) => unknown> = {
  ks: (ref, cur) => {
    const d = ksD(ref, cur);
    const { en, limit, stephens, oneSample, exact } = ksPs(d, ref.length, cur.length);
    return { D: d, en, p_limit: limit, p_stephens: stephens, p_kstwo_round_en: oneSample, p_exact: exact };
  },
  w1: wasserstein,
  ref_std_pop: stdOf,
  w1_normed: normedWasserstein,
  psi_deciles: (ref, cur) => {
    const edges = decilesOf(ref);
    return {
      inner_edges: edges,
      ref_counts: countsBetween(edges, ref),
      cur_counts: countsBetween(edges, cur),
      psi: psiOfDeciles(ref, cur),
    };
  },
};
