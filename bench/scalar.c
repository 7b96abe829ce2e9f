/* The same arithmetic as four kernels, in scalar C: the limit the kernels are held against. */
#include <math.h>
#include <stdint.h>
typedef int64_t i8; typedef uint64_t u8; typedef int16_t i2;

static u8 bits64(u8 key, u8 id, u8 lane) {
  u8 v = key + id * 0x9E3779B97F4A7C15ULL;
  v ^= lane * 0xD1B54A32D192ED03ULL;
  v = (v ^ (v >> 30)) * 0xBF58476D1CE4E5B9ULL;
  v = (v ^ (v >> 27)) * 0x94D049BB133111EBULL;
  return v ^ (v >> 31);
}
static double uni(u8 key, u8 id, u8 lane) { return ((double)(bits64(key, id, lane) >> 11) + 0.5) * (1.0 / 9007199254740992.0); }
static double tail(double r) {
  double t = -7.784894002430293e-03, b = 7.784695709041462e-03;
  t = t * r - 3.223964580411365e-01; t = t * r - 2.400758277161838e00; t = t * r - 2.549732539343734e00;
  t = t * r + 4.374664141464968e00; t = t * r + 2.938163982698783e00;
  b = b * r + 3.224671290700398e-01; b = b * r + 2.445134137142996e00; b = b * r + 3.754408661907416e00;
  return t / (b * r + 1.0);
}
static double quantile(double p) {
  if (p < 0.02425) return tail(sqrt(-2.0 * log(p)));
  if (p > 1.0 - 0.02425) return -tail(sqrt(-2.0 * log(1.0 - p)));
  double q = p - 0.5, r = q * q;
  double t = -3.969683028665376e01, b = -5.447609879822406e01;
  t = t * r + 2.209460984245205e02; t = t * r - 2.759285104469687e02; t = t * r + 1.383577518672690e02;
  t = t * r - 3.066479806614716e01; t = t * r + 2.506628277459239e00;
  b = b * r + 1.615858368580409e02; b = b * r - 1.556989798598866e02; b = b * r + 6.680131188771972e01;
  b = b * r - 1.328068155288572e01;
  return t * q / (b * r + 1.0);
}
static double normal(u8 key, u8 id, u8 lane) { return quantile(uni(key, id, lane)); }
static double clip(double x, double lo, double hi) { return x < lo ? lo : x > hi ? hi : x; }

void weigh(i8 n, u8 jump_key, u8 size_key, const i8 *ids, const i2 *industry, const i2 *zone, const double *jobs,
           const double *productivity, const double *appeal, double *customers, const float *age,
           const double *emissions, double *weight, const double *drift, i8 industries, const double *elasticity,
           const double *start_mean, const double *unit_cost, const double *p, const double *w) {
  double scale = p[1] / (sqrt(2.0) * sqrt(4.0 * p[0]));
  for (i8 i = 0; i < n; i++) {
    int s = industry[i];
    double theta = fmin(p[3], scale * pow(jobs[i], -p[2]));
    double move = drift[s] + p[5] * exp(-age[i] / 12.0);
    move -= log(1.0 + p[0] * (1.0 / (1.0 - theta * theta) - 1.0));
    if (jobs[i] > 50.0) move -= p[4] * log(jobs[i] / 50.0);
    if (uni(jump_key, ids[i], 0) < p[0]) {
      double u = uni(size_key, ids[i], 0) - 0.5;
      move += theta * (u < 0.0 ? log(1.0 + 2.0 * u) : -log(1.0 - 2.0 * u));
    }
    customers[i] += move;
    double c = productivity[i] - start_mean[s] - unit_cost[zone[i] * industries + s] - w[1] * emissions[i] * 1e-6;
    weight[i] = exp(customers[i] + appeal[i] + elasticity[s] * clip(c, -w[0], w[0]));
  }
}

void innovate(i8 n, i8 quarter, const u8 *keys, const i8 *ids, const i2 *industry, const i2 *zone, const double *jobs,
              double *productivity, double *appeal, const double *capacity, const double *research, double *emissions,
              const double *output, double *funding, i2 *innovated, double *p0, double *p1, double *p2,
              const double *pool, const double *mean, const double *start_mean, i8 industries,
              const double *unit_cost, double *counts, const double *p) {
  for (i8 i = 0; i < n; i++) {
    int s = industry[i]; i8 c = zone[i] * industries + s; u8 who = ids[i];
    double ex = p[0] * p[12] * capacity[i] * pool[c * 8] + p[2] * p[13] * capacity[i] * pool[c * 8 + 1];
    if (p[1] > 0.0 && productivity[i] - start_mean[s] - unit_cost[c] < 0.0) ex += p[14] * pool[c * 8 + 3];
    double effort = 0.4 + sqrt(fmin(research[i] / 0.03, 6.0));
    double hazard = fmin(p[6], p[3] * pow(jobs[i], p[5]) * (0.4 + capacity[i]) * effort * exp(ex));
    double ta = 0.0, tp = 0.0;
    if (uni(keys[0], who, 0) < hazard) {
      double step = -p[4] * log(uni(keys[1], who, 0));
      if (uni(keys[2], who, 0) < p[7]) ta = step; else tp = step;
      innovated[i] = (i2)quarter; counts[c] += 1.0; emissions[i] *= exp(-p[18] * step);
    }
    if (funding[i] > 0.0) {
      double gain = fmin(p[17], p[15] * p[16] * funding[i] / (4.0 * output[i]));
      ta += p[7] * gain; tp += (1.0 - p[7]) * gain; emissions[i] *= exp(-p[18] * gain); funding[i] = 0.0;
    }
    double a = productivity[i], lag = fmax(mean[s] - a, 0.0);
    a = (1.0 - p[8]) * (a - start_mean[s]) + start_mean[s] + p[9] * normal(keys[3], who, 0);
    productivity[i] = clip(a + p[11] * capacity[i] * lag + tp, -2.0, 2.0);
    appeal[i] = (1.0 - p[10]) * appeal[i] + ta;
    p0[i] += p[19] * normal(keys[4], who, 0); p1[i] += p[19] * normal(keys[4], who, 1); p2[i] += p[19] * normal(keys[4], who, 2);
  }
}

void hire(i8 n, const i2 *industry, const i2 *zone, double *jobs, const double *productivity, const double *weight,
          const float *pace, i8 industries, const double *bracket, const double *value_added, const double *fill,
          double adjustment) {
  for (i8 i = 0; i < n; i++) {
    int s = industry[i];
    double gap = weight[i] * bracket[s] / (value_added[s] * exp(productivity[i])) - jobs[i], speed = adjustment;
    if (gap > 0.0) speed = fmin(1.0, adjustment * pace[i] * fill[zone[i] * industries + s]);
    jobs[i] = fmax(jobs[i] + speed * gap, 0.3);
  }
}

void take(i8 n, const double *old, const double *fresh, const i8 *order, double *out) {
  for (i8 k = 0; k < n; k++) out[k] = order[k] >= 0 ? old[order[k]] : fresh[-1 - order[k]];
}
