# SPDX-License-Identifier: BSD-2-Clause
# The golden values of tests/unit/stats_golden_test.c, by programs that share
# nothing with ours. Debian 12: r-base-core 4.2.2.20221110-2, r-cran-coin
# 1.4-2-1+b1. Run it with: Rscript tests/golden/statistics.R
suppressMessages(library(coin))
options(digits = 12)
d <- c(0.031, -0.012, 0.054, 0.027, 0.008, 0.041, -0.019, 0.065, 0.022,
       0.037, 0.049, -0.005)
tied <- c(3, -1, 2, 2, 0, 5, -2, 4, 1, 1, 0, 3, -3, 2)
a <- c(17.23, 16.81, 17.95, 18.42, 16.37, 17.04)
b <- c(18.11, 18.77, 17.52, 19.36, 18.03, 18.69, 17.88)
ta <- c(1, 2, 2, 3, 3, 4)
tb <- c(2, 3, 4, 4, 5, 6, 6)

say <- function(name, ...) cat(name, format(c(...), digits = 12), "\n")
exact <- function(test) as.numeric(pvalue(test))

w <- wilcox.test(d, exact = TRUE, conf.int = TRUE, conf.level = 0.95)
say("signed rank of d: V p HL low high", w$statistic, w$p.value, w$estimate,
    w$conf.int)
k <- qsignrank(0.025, 12)
say("its coverage", 1 - 2 * psignrank(k - 1, 12))
w <- wilcox.test(d, exact = TRUE, conf.int = TRUE, conf.level = 0.90)
k <- qsignrank(0.05, 12)
say("90 %: low high coverage", w$conf.int, 1 - 2 * psignrank(k - 1, 12))
say("signed rank of tied: p", exact(wilcoxsign_test(
    tied ~ rep(0, length(tied)), distribution = "exact",
    zero.method = "Wilcoxon")))
s <- seq_len(260)
large <- sin(s) + 0.1
w <- wilcox.test(large, exact = FALSE, correct = TRUE)
say("signed rank of 260: V p", w$statistic, w$p.value)

t <- binom.test(sum(d > 0), length(d))
say("sign test of d: p", t$p.value)
t <- binom.test(sum(tied > 0), sum(tied != 0))
say("sign test of tied: p", t$p.value)
k <- qbinom(0.025, 12, 0.5)
say("median of d: value low high coverage", median(d), sort(d)[k],
    sort(d)[13 - k], 1 - 2 * pbinom(k - 1, 12, 0.5))

w <- wilcox.test(b, a, exact = TRUE, conf.int = TRUE, conf.level = 0.95)
say("rank sum of b and a: U p HL low high", w$statistic, w$p.value,
    w$estimate, w$conf.int)
k <- qwilcox(0.025, 6, 7)
say("its coverage", 1 - 2 * pwilcox(k - 1, 6, 7))
group <- factor(rep(c("a", "b"), c(length(ta), length(tb))))
say("rank sum of ties: p", exact(wilcox_test(c(ta, tb) ~ group,
    distribution = "exact")))
w <- wilcox.test(cos(1:40) + 0.3, sin(1:40), exact = FALSE, correct = TRUE)
say("rank sum of 40 and 40: U p", w$statistic, w$p.value)
w <- wilcox.test(round(2 * cos(1:40)) + 1, round(2 * sin(1:40)),
                 exact = FALSE, correct = TRUE)
say("the same with ties: U p", w$statistic, w$p.value)

p <- c(0.01, 0.02, 0.03, 0.04, 0.0011, 0.5)
say("Holm", p.adjust(p, "holm"))
say("t quantiles", qt(0.975, 11), qt(1 - 0.05 / 40, 5), qt(0.975, 1))
for (hits in list(c(0, 20), c(3, 20), c(20, 20), c(11, 400)))
    say("binomial interval", binom.test(hits[1], hits[2])$conf.int)
say("geometric mean", exp(mean(log(c(1.02, 0.97, 1.3, 0.8)))))
say("least p of 4 and 4, 6 and 6", 2 / choose(8, 4), 2 / choose(12, 6))
noise <- function(rates, cells)
    expm1(qt(1 - 0.05 / (2 * cells), length(rates) - 1) * sqrt(2) *
          sd(log(rates)))
say("noise levels of 2 cells", noise(c(100, 104, 97, 101), 2),
    noise(c(50, 50, 55, 45), 2))
