# Expected values of tests/test_sondage.py, from R 4.2 with survey 4.1-1 and psych 2.2.9.
# Run in this folder: Rscript sondage.R   It writes the public data sets (the few columns used) and
# sondage.csv, whose rows are: name, value, the R expression that gave it.
suppressMessages({library(survey); library(psych)})
options(digits = 17)
data(api); data(bfi)

write.csv(apistrat[, c("stype", "pw", "fpc", "api99", "api00", "enroll", "sch.wide", "awards", "comp.imp")],
          "apistrat.csv", row.names = FALSE, na = "")
write.csv(apiclus1[, c("dnum", "stype", "pw", "fpc", "api99", "api00", "enroll", "sch.wide", "awards", "comp.imp")],
          "apiclus1.csv", row.names = FALSE, na = "")
write.csv(apiclus2[, c("dnum", "snum", "stype", "pw", "fpc1", "fpc2", "api00", "enroll", "sch.wide", "awards")],
          "apiclus2.csv", row.names = FALSE, na = "")
write.csv(bfi[, c("A1", "A2", "A3", "A4", "A5", "C1", "gender", "education")], "bfi.csv", row.names = FALSE, na = "")

apistrat$oui <- as.numeric(apistrat$sch.wide == "Yes")
apiclus1$oui <- as.numeric(apiclus1$sch.wide == "Yes")
apiclus2$oui <- as.numeric(apiclus2$sch.wide == "Yes")
dstrat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat)
dclus1 <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1)
dclus2 <- svydesign(id = ~dnum, weights = ~pw, data = apiclus2)
dboth <- svydesign(id = ~dnum, strata = ~stype, weights = ~pw, data = apiclus2, nest = TRUE)
dsrs <- svydesign(id = ~1, weights = ~pw, data = apistrat)

sortie <- data.frame()
dire <- function(nom, expression) {
  texte <- paste(deparse(substitute(expression)), collapse = " ")
  for (i in seq_along(expression))
    sortie[nrow(sortie) + 1, c("nom", "valeur", "commande")] <<-
      list(paste0(nom, if (length(expression) > 1) paste0(".", i) else ""), format(unname(c(expression))[i], digits = 15), texte)
}

for (d in c("dstrat", "dclus1", "dclus2", "dsrs")) {
  plan <- get(d)
  m <- svymean(~api00, plan, deff = "replace"); p <- svymean(~oui, plan, deff = "replace")
  dire(paste0(d, ".api00"), c(coef(m), SE(m), deff(m)))
  dire(paste0(d, ".oui"), c(coef(p), SE(p), deff(p)))
  dire(paste0(d, ".degf"), degf(plan))
  dire(paste0(d, ".ci"), confint(m, df = degf(plan)))
  dire(paste0(d, ".xlogit"), attr(svyciprop(~oui, plan, method = "xlogit"), "ci"))
  dire(paste0(d, ".domaine"), {x <- svymean(~api00, subset(plan, stype == "E")); c(coef(x), SE(x))})
  by <- svyby(~oui, ~awards, plan, svymean, covmat = TRUE)
  dire(paste0(d, ".difference"), {x <- svycontrast(by, c(-1, 1)); c(coef(x), SE(x))})
  f <- svychisq(~stype + awards, plan, statistic = "F")
  dire(paste0(d, ".raoscott.f"), c(f$statistic, f$parameter, f$p.value))
  dire(paste0(d, ".raoscott.chisq"), c(svychisq(~stype + awards, plan, statistic = "Chisq")$statistic,
                                       svychisq(~stype + awards, plan, statistic = "Chisq")$p.value))
}
ddeux <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, weights = ~pw, data = apiclus2)
dire("ddeux.api00", {x <- svymean(~api00, ddeux); c(coef(x), SE(x))})
dire("ddeux.domaine", {x <- svymean(~api00, subset(ddeux, stype == "E")); c(coef(x), SE(x))})
dire("ddeux.raoscott", c(svychisq(~stype + awards, ddeux)$statistic, svychisq(~stype + awards, ddeux)$p.value))
dire("manquants", {x <- svymean(~enroll, dstrat, na.rm = TRUE); c(coef(x), SE(x))})
trou <- apiclus1; trou$api00[c(1:11, 40, 90)] <- NA
dtrou <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = trou)
dire("trou", {x <- svymean(~api00, dtrou, na.rm = TRUE); c(coef(x), SE(x))})
options(survey.lonely.psu = "adjust")
seul <- subset(apiclus2, !(stype == "M") | dnum == dnum[stype == "M"][1])
dseul <- svydesign(id = ~dnum, strata = ~stype, weights = ~pw, data = seul, nest = TRUE)
dire("solitaire.centrer", {x <- svymean(~api00, dseul); c(coef(x), SE(x))})
options(survey.lonely.psu = "remove")
dire("solitaire.negliger", {x <- svymean(~api00, dseul); c(coef(x), SE(x))})
options(survey.lonely.psu = "fail")

# Calibration: population counts of the 6194 schools of California (apipop).
pop_stype <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
pop_oui <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
egal <- apistrat; egal$un <- nrow(apipop) / nrow(apistrat)
degal <- svydesign(id = ~1, weights = ~un, data = egal)
for (d in c("degal", "dclus1")) {
  ps <- postStratify(get(d), ~stype, pop_stype)
  dire(paste0(d, ".post"), {x <- svymean(~api00, ps); c(coef(x), SE(x))})
  rk <- rake(get(d), list(~stype, ~sch.wide), list(pop_stype, pop_oui), control = list(maxit = 200, epsilon = 1e-9))
  dire(paste0(d, ".rake"), {x <- svymean(~api00, rk); c(coef(x), SE(x))})
  dire(paste0(d, ".rake.poids"), c(range(weights(rk)), sum(weights(rk)^2)))
}
# Trimmed raking: no weight above the cap, the margins hold (truncated exponential calibration).
oblique <- egal[c(which(egal$stype == "E")[1:40], which(egal$stype != "E"), which(egal$sch.wide == "No")[1:12]), ]
write.csv(oblique[, c("stype", "sch.wide", "api00")], "oblique.csv", row.names = FALSE)
oblique$un <- 1
ob <- svydesign(id = ~1, weights = ~un, data = oblique)
n <- nrow(oblique)
libre <- rake(ob, list(~stype, ~sch.wide), list(transform(pop_stype, Freq = Freq / 6194 * n), transform(pop_oui, Freq = Freq / 6194 * n)),
              control = list(maxit = 500, epsilon = 1e-12))
dire("oblique.libre", c(max(weights(libre)), sum(weights(libre)^2)))
# The truncated problem is solved by optim: w = min(exp(x'b), cap), with x'w at its target.
X <- model.matrix(~ stype + sch.wide, oblique)
cible <- c(n, 755 / 6194 * n, 1018 / 6194 * n, 5122 / 6194 * n)
plafond <- 2.6
g <- function(b) colSums(X * pmin(exp(drop(X %*% b)), plafond)) - cible
b <- coef(glm(weights(libre) ~ stype + sch.wide, data = oblique, family = quasipoisson))
for (tour in 1:200) {
  w <- exp(drop(X %*% b)); J <- t(X) %*% (X * ifelse(w < plafond, w, 0))
  b <- b - 0.5 * solve(J, g(b))
}
w <- pmin(exp(drop(X %*% b)), plafond)
stopifnot(max(abs(g(b))) < 1e-6)
dire("oblique.ecrete", c(max(w), sum(w == plafond), sum(w^2), weighted.mean(oblique$api00, w)))

# Reliability
a <- suppressWarnings(suppressMessages(psych::alpha(na.omit(bfi[, c("A1", "A2", "A3", "A4", "A5")]), check.keys = FALSE, warnings = FALSE)))
dire("alpha.a", c(a$total$raw_alpha, a$total$std.alpha, nrow(na.omit(bfi[, c("A1", "A2", "A3", "A4", "A5")]))))
dire("alpha.a.sans", a$alpha.drop$raw_alpha)
a25 <- suppressWarnings(suppressMessages(psych::alpha(na.omit(bfi[, c("A2", "A3", "A4", "A5")]), check.keys = FALSE, warnings = FALSE)))
dire("alpha.b", c(a25$total$raw_alpha, a25$total$std.alpha))
dire("alpha.b.feldt", unlist(a25$feldt[c("lower.ci", "upper.ci")]))

# Rank correlations with ties
x <- na.omit(bfi[, c("A2", "A5")])
dire("spearman", c(cor(x$A2, x$A5, method = "spearman"), nrow(x)))
dire("kendall", cor(x$A2[1:400], x$A5[1:400], method = "kendall"))
write.csv(sortie, "sondage.csv", row.names = FALSE)
