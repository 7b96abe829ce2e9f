/* The same arithmetic as the kernels that make most of a quarter, in scalar C: the limit they are held against.
 *
 * Compiled with -O3, without fast maths and without vectorisation. Field order is that of sim.model.firms.COLUMNS,
 * parameter order that of the NAMES of each submodel, key order that of sim.random_numbers.DECISIONS (given). */
#include <math.h>
#include <stdint.h>
#include <string.h>
typedef int64_t i8; typedef uint64_t u8; typedef int16_t i2;

typedef struct {
  double jobs, productivity, customers, output, weight;
  float appeal, capacity, research, research_own, position0, position1, position2, will, will_own, liquidity,
      emissions, funding, broker, shelter, speed;
  i2 industry, zone, age, funded, innovated, cluster, joined;
  uint16_t used;
  uint8_t owner, projects, done;
} Firm;

/* A firm on a ring of possible partners, and a joint project. */
typedef struct { i8 id, row; } Place;
typedef struct { i8 first, second; double score, x, y, z, bonus; i8 end; } Project;

/* Which key a decision has: filled in by the caller. */
typedef struct { u8 start, stop, success, step, kind, noise, drift, jump, size, hazard, footloose,
             attempt, source, partner, accept, begin; } Keys;

i8 record_size(void) { return sizeof(Firm); }

static u8 bits64(u8 key, u8 id, u8 lane) {
  u8 v = key + id * 0x9E3779B97F4A7C15ULL;
  v ^= lane * 0xD1B54A32D192ED03ULL;
  v = (v ^ (v >> 30)) * 0xBF58476D1CE4E5B9ULL;
  v = (v ^ (v >> 27)) * 0x94D049BB133111EBULL;
  return v ^ (v >> 31);
}
static double uni(u8 key, u8 id, u8 lane) {
  double u = ((double)(i8)(bits64(key, id, lane) >> 11) + 0.5) * (1.0 / 9007199254740992.0);
  return u < 1.0 ? u : 1.0 - 1.0 / 9007199254740992.0;
}
/* sim.elementary */
static double of_bits(u8 b) { double x; memcpy(&x, &b, 8); return x; }
static u8 bits_of(double x) { u8 b; memcpy(&b, &x, 8); return b; }
static double exponential(double x) {
  x = x < -700.0 ? -700.0 : x;
  x = x > 700.0 ? 700.0 : x;
  double shifted = x * 1.4426950408889634 + 6755399441055744.0, whole = shifted - 6755399441055744.0;
  double r = (x - whole * 6.93147180369123816490e-01) - whole * 1.90821492927058770002e-10;
  double r2 = r * r, r4 = r2 * r2;
  double low = (1.0 / 24.0 + r * (1.0 / 120.0)) + r2 * (1.0 / 720.0 + r * (1.0 / 5040.0));
  double high = (1.0 / 40320.0 + r * (1.0 / 362880.0)) + r2 * (1.0 / 3628800.0 + r * (1.0 / 39916800.0));
  high += r4 * (1.0 / 479001600.0 + r * (1.0 / 6227020800.0));
  double power = 1.0 + (r + r2 * ((0.5 + r * (1.0 / 6.0)) + r2 * (low + r4 * high)));
  return of_bits(bits_of(power) + (bits_of(shifted) << 52));
}
static double logarithm(double x) {
  u8 bits = bits_of(x);
  double exponent = of_bits((bits >> 52) | 0x4330000000000000ULL) - (4503599627370496.0 + 1023.0);
  double m = of_bits((bits & 0x000FFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL);
  if (m > 1.4142135623730951) { m = 0.5 * m; exponent = exponent + 1.0; }
  double f = m - 1.0, s = f / (2.0 + f), z = s * s, w = z * z, half = 0.5 * f * f;
  double odd = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  double even = w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01));
  double rest = odd + z * (6.666666666666735130e-01 + even);
  return exponent * 6.93147180369123816490e-01 - ((half - (s * (half + rest) + exponent * 1.90821492927058770002e-10)) - f);
}
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
static double least(double a, double b) { return b < a ? b : a; }
static double most(double a, double b) { return b > a ? b : a; }
static double clip(double x, double lo, double hi) { return least(most(x, lo), hi); }
static double youth_of(const double *youth, i2 age) { return youth[age < 0 ? 0 : age > 1023 ? 1023 : age]; }
static double edge_of(double productivity, double cost, double emissions, const double *w) {
  return clip(productivity - cost - w[1] * emissions * 1e-6, -w[0], w[0]);
}

/* conduct.before_market */
void before_market(i8 n, i8 quarter, const Keys *k, const i8 *ids, Firm *table, i8 cells, const double *pool,
                   const double *unit_cost, i8 industries, const double *mean, const double *start_mean,
                   const double *drift, const double *elasticity, const double *traits, double wanted,
                   const double *research, const double *p, const double *jump, const double *weigh,
                   const double *youth, int32_t *turn, double *innovations, double *weights) {
  double chance = jump[0], scale = jump[1] / (sqrt(2.0) * sqrt(4.0 * chance)), large = log(50.0), per = 1.0 / 0.03;
  i8 count = 0;
  memset(innovations, 0, cells * sizeof(double));
  memset(weights, 0, cells * sizeof(double));
  for (i8 i = 0; i < n; i++) { turn[count] = (int32_t)i; count += (ids[i] + quarter) % 4 == 0; }
  for (i8 t = 0; t < count; t++) {
    i8 i = turn[t]; Firm *f = table + i; u8 who = ids[i]; int s = f->industry;
    if (f->research > 0.0f) {
      if (uni(k->stop, who, 0) < research[0]) f->research = 0.0f;
      else f->research = f->research + research[2] * (f->research_own * wanted - f->research);
    } else {
      double performers = least(0.9, traits[s * 8] * least(1.0, sqrt(f->jobs / 30.0)) * (0.5 + f->capacity));
      double start = research[0] * performers / (1.0 - performers);
      if (quarter - f->funded <= 4) start *= 1.0 + research[1] * research[6];
      if (uni(k->start, who, 0) < start) {
        if (f->research_own <= 0.0f) f->research_own = traits[s * 8 + 1];
        f->research = f->research_own * (0.5 + 0.5 * wanted);
      }
    }
    double far = 2.0 * p[19];
    f->position0 = f->position0 + far * normal(k->drift, who, 0);
    f->position1 = f->position1 + far * normal(k->drift, who, 1);
    f->position2 = f->position2 + far * normal(k->drift, who, 2);
  }
  for (i8 i = 0; i < n; i++) {
    Firm *f = table + i; u8 who = ids[i]; int s = f->industry; i8 c = f->zone * industries + s;
    double size = logarithm(f->jobs), cost = start_mean[s] + unit_cost[c], capacity = f->capacity;
    if (f->will != f->will_own) f->will = f->will + p[20] * (f->will_own - f->will);
    double lift = p[0] * p[12] * pool[c * 8] + p[2] * p[13] * pool[c * 8 + 1];
    double rivalry = f->productivity - cost < 0.0 ? p[1] * p[14] * pool[c * 8 + 3] : 0.0;
    double effort = 0.4 + sqrt(least(f->research * per, 6.0));
    double pull = exponential(p[5] * size + capacity * lift + rivalry);
    double hazard = least(p[6], p[3] * (0.4 + capacity) * effort * pull);
    double ta = 0.0, tp = 0.0;
    if (uni(k->success, who, 0) < hazard) {
      double step = -p[4] * log(uni(k->step, who, 0));
      if (uni(k->kind, who, 0) < p[7]) ta = step; else tp = step;
      f->innovated = (i2)quarter; f->emissions = f->emissions * exp(-p[18] * step); innovations[c] += 1.0;
    }
    if (f->funding > 0.0f) {
      double gain = least(p[17], p[15] * p[16] * f->funding / (4.0 * f->output));
      ta += p[7] * gain; tp += (1.0 - p[7]) * gain; f->emissions = f->emissions * exp(-p[18] * gain);
      f->funding = 0.0f;
    }
    double a = f->productivity, lag = most(mean[s] - a, 0.0);
    a = (1.0 - p[8]) * (a - start_mean[s]) + start_mean[s] + p[9] * normal(k->noise, who, 0);
    f->productivity = least(most(a + p[11] * capacity * lag + tp, -2.0), 2.0);
    f->appeal = (1.0 - p[10]) * f->appeal + ta;
    double theta = least(jump[3], scale * exponential(-jump[2] * size)), u = uni(k->size, who, 0) - 0.5;
    double leap = theta * copysign(logarithm(1.0 - 2.0 * fabs(u)), u);
    double growth = drift[s] + jump[5] * youth_of(youth, f->age);
    f->customers += growth - logarithm(1.0 + chance * (1.0 / (1.0 - theta * theta) - 1.0));
    f->customers += (uni(k->jump, who, 0) < chance ? leap : 0.0) - jump[4] * most(size - large, 0.0);
    double edge = edge_of(f->productivity, cost, f->emissions, weigh);
    f->weight = exponential(f->customers + f->appeal + elasticity[s] * edge);
    weights[c] += f->weight;
  }
}

/* conduct.after_market, without an event that closes firms */
double after_market(i8 n, i8 quarter, const Keys *k, const i8 *ids, Firm *table, i8 cells, const double *bracket,
                    i8 industries, const double *fill, const double *unit_cost, const double *pool,
                    const double *start_mean, const double *value_added, const double *wage_cost, const double *wage,
                    double adjustment, const double *o, const double *weigh, const double *p, const double *youth,
                    uint8_t *alive, double *sums, double *counts) {
  double first[3] = {0, 0, 0}, second = 0.0, footloose = 1.0 - pow(1.0 - p[6], 0.25);
  i8 members = 0;
  memset(sums, 0, 4 * cells * sizeof(double));
  memset(counts, 0, 6 * cells * sizeof(double));
  for (i8 i = 0; i < n; i++) {
    Firm *f = table + i; u8 who = ids[i]; int s = f->industry, z = f->zone; i8 c = z * industries + s;
    double able = value_added[s] * exponential(f->productivity), jobs = f->jobs, demand = f->weight * bracket[s];
    double hiring = least(1.0, adjustment * f->speed * fill[c]), gap = demand / able - jobs;
    jobs = most(jobs + (gap > 0.0 ? hiring : adjustment) * gap, 0.3);
    f->jobs = jobs;
    double made = least(jobs * able, o[0] * demand);
    double share = o[1] / 4.0 * (1.0 - o[2]) * f->projects;
    double own = most(f->research * made - o[3] * share, 0.0);
    double costs = jobs * (wage_cost[s] * wage[z]) + own + share;
    double change = clip((made - costs) / made - 0.25, -0.6, 0.3);
    f->liquidity = clip(0.93 * f->liquidity + 0.042 + 0.35 * change, -1.5, 3.0);
    f->output = made;
    f->age++;
    double *sum = sums + 4 * c, *count = counts + 6 * c;
    sum[0] += jobs; sum[1] += made; sum[2] += own; sum[3] += f->emissions * made;
    double edge = edge_of(f->productivity, start_mean[s] + unit_cost[c], f->emissions, weigh);
    int lives = jobs >= p[7];
    if (lives) {
      double risk = exponential(-p[2] * logarithm(jobs) - p[4] * edge - p[5] * (f->liquidity - 0.6));
      double young = youth_of(youth, f->age), hazard = p[1] * f->shelter * (1.0 + p[3] * young * young) * risk;
      hazard *= 1.0 + (edge < -0.1 ? p[0] * p[8] * pool[c * 8 + 3] : 0.0);
      lives = !(uni(k->hazard, who, 0) < hazard) && (f->owner != 2 || uni(k->footloose, who, 0) >= footloose);
    }
    alive[i] = lives;
    if (!lives) { count[1] += 1.0; continue; }
    int sizeable = jobs >= 10.0;
    count[0] += 1.0; count[2] += sizeable; count[3] += sizeable & (quarter - f->innovated < 12);
    count[5] += f->projects;
    if (f->cluster > 0 && (f->used & 1)) {
      double x[3] = {f->position0, f->position1, f->position2};
      count[4] += 1.0; members++;
      for (int d = 0; d < 3; d++) { first[d] += x[d]; second += x[d] * x[d]; }
    }
  }
  if (members < 2) return 0.0;
  double m = (double)members, v = second / m - (first[0] * first[0] + first[1] * first[1] + first[2] * first[2]) / (m * m);
  return most(v, 0.0);
}

/* knowledge.survey: sums per cell f8[cells, 9]; partners by cell; returns how many partners there are */
i8 survey(i8 n, const i8 *ids, const Firm *table, i8 industries, i8 cells, double *out, int32_t *who, int32_t *where,
          Place *ring, i8 *start, i8 *filled) {
  i8 found = 0;
  memset(out, 0, 9 * cells * sizeof(double));
  memset(start, 0, (cells + 1) * sizeof(i8));
  for (i8 i = 0; i < n; i++) {
    const Firm *f = table + i; i8 c = f->zone * industries + f->industry; double *o = out + 9 * c;
    double jobs = f->jobs, capacity = f->capacity, x = f->position0, y = f->position1, z = f->position2;
    o[0] += 1.0; o[1] += jobs; o[2] += (10.0 * f->research + 0.01) * jobs * exponential(f->productivity);
    o[3] += x; o[4] += y; o[5] += z; o[6] += x * x + y * y + z * z; o[7] += f->productivity; o[8] += jobs * capacity;
    if (jobs >= 3.0) { who[found] = (int32_t)i; where[found++] = (int32_t)c; start[c + 1]++; }
  }
  for (i8 c = 0; c < cells; c++) {
    double *o = out + 9 * c;
    start[c + 1] += start[c];
    if (o[0] > 0.0) {
      for (int k = 3; k < 7; k++) o[k] /= o[0];
      o[6] = most(o[6] - o[3] * o[3] - o[4] * o[4] - o[5] * o[5], 0.0);
    }
  }
  memcpy(filled, start, (cells + 1) * sizeof(i8));
  for (i8 k = 0; k < found; k++) ring[filled[where[k]]++] = (Place){ids[who[k]], who[k]};
  return found;
}

/* firms._merge: drop rows that are not alive and put newcomers between the others, in place; returns how many there
 * are. Runs of records move downwards from the bottom, then upwards from the top. */
i8 merge(i8 n, i8 born, i8 *words, const i8 *ids, const uint8_t *alive, const i8 *new_words, const i8 *new_ids, i8 per,
         i8 *merged, i8 *moves, i8 *rows) {
  i8 i = 0, j = 0, filled = 0, run = 0;
  while (i < n || j < born) {
    i8 begun = i, first = filled;
    while (i < n && alive[i] && !(j < born && new_ids[j] < ids[i])) merged[filled++] = ids[i++];
    if (i > begun && begun != first) {
      moves[3 * run] = begun; moves[3 * run + 1] = i - begun; moves[3 * run + 2] = first; run++;
    }
    if (i < n && !alive[i]) { i++; continue; }
    if (i < n && j < born && new_ids[j] == ids[i]) return 0;
    if (j < born) { rows[j] = filled; merged[filled++] = new_ids[j++]; }
  }
  for (i8 k = 0; k < run; k++) {
    i8 old = moves[3 * k] * per, new = moves[3 * k + 2] * per;
    if (new < old) for (i8 w = 0; w < moves[3 * k + 1] * per; w++) words[new + w] = words[old + w];
  }
  for (i8 k = run - 1; k >= 0; k--) {
    i8 old = moves[3 * k] * per, new = moves[3 * k + 2] * per;
    if (new > old) for (i8 w = moves[3 * k + 1] * per - 1; w >= 0; w--) words[new + w] = words[old + w];
  }
  for (j = 0; j < born; j++) for (i8 w = 0; w < per; w++) words[rows[j] * per + w] = new_words[j * per + w];
  return filled;
}

/* shapes.first_above and row_of */
static i8 first_above(i8 n, const double *numbers, double bound) {
  i8 low = 0, high = n;
  while (low < high) { i8 middle = (low + high) / 2; if (numbers[middle] <= bound) low = middle + 1; else high = middle; }
  return low;
}
static i8 row_of(i8 n, const i8 *ids, i8 id) {
  i8 low = 0, high = n;
  while (low < high) { i8 middle = (low + high) / 2; if (ids[middle] < id) low = middle + 1; else high = middle; }
  return low < n && ids[low] == id ? low : -1;
}
static i8 draw_partner(const Place *ring, const i8 *start, i8 group, u8 bits) {
  i8 first = start[group], end = start[group + 1], wanted = (i8)(bits >> 3);
  if (first == end) return -1;
  i8 at = first + (i8)((double)(end - first) * ((double)wanted / 2305843009213693952.0));
  while (at < end && ring[at].id < wanted) at++;
  while (at > first && ring[at - 1].id >= wanted) at--;
  return ring[at == end ? first : at].row;
}

/* cooperation.search, without clusters; returns how many projects begin */
i8 search(i8 n, i8 end, const Keys *k, const i8 *ids, Firm *table, i8 holders, const i8 *holder, const i8 *linked,
          const float *power, const Place *ring, const i8 *start, i8 zones, i8 cells, const double *reach,
          const double *time_fade, const double *p, int32_t *trying, Project *out) {
  double largest = p[0] * 1.4 * (1.0 + p[1]);
  i8 many = 0, found = 0, draws = (i8)p[2];
  for (i8 i = 0; i < n; i++) {
    double luck = uni(k->attempt, ids[i], 0);
    if (luck >= largest) continue;
    Firm *f = table + i;
    if (f->jobs >= 3.0 && luck < p[0] * f->will * (0.4 + f->capacity) * (1.0 + p[1] * f->broker)) trying[many++] = (int32_t)i;
  }
  for (i8 t = 0; t < many; t++) {
    i8 i = trying[t], who = ids[i], partner = -1; Firm *f = table + i; double best = 0.0;
    if (f->projects >= 2) continue;
    for (i8 d = 0; d < draws; d++) {
      i8 c = first_above(cells, reach + f->zone * cells, uni(k->source, who, d + 64)), j;
      if (c >= cells || (j = draw_partner(ring, start, c, bits64(k->partner, who, d))) < 0 || j == i) continue;
      Firm *g = table + j;
      if (g->projects >= 2 || g->will <= 0.3f || uni(k->accept, who, d) >= g->will) continue;
      double known = 0.0;
      i8 row = row_of(holders, holder, who);
      for (i8 l = 0; row >= 0 && l < 4; l++) if (linked[4 * row + l] == ids[j]) { known = power[4 * row + l]; break; }
      double x = f->position0 - (double)g->position0, y = f->position1 - (double)g->position1;
      double z = f->position2 - (double)g->position2, apart = sqrt(x * x + y * y + z * z);
      double score = apart * exp(1.0 - apart) * (0.3 + g->capacity) * (0.5 + time_fade[f->zone * zones + g->zone]);
      score *= 1.0 + p[5] * known;
      if (score > best) { best = score; partner = j; }
    }
    if (best <= p[4] || uni(k->begin, who, 0) >= best) continue;
    out[found++] = (Project){who, ids[partner], best, 0, 0, 0, 0, end};
    f->projects++;
    table[partner].projects++;
  }
  return found;
}
