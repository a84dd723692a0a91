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
# Weighted domains: shares by group, after a raking; the degrees of freedom are those of the group.
for (d in c("degal", "dclus1")) {
  rk <- rake(update(get(d), prime = as.numeric(awards == "Yes")), list(~stype, ~sch.wide), list(pop_stype, pop_oui),
             control = list(maxit = 500, epsilon = 1e-10))
  by <- svyby(~prime, ~stype, rk, svymean)
  dire(paste0(d, ".by"), c(coef(by), SE(by)))
  for (e in c("E", "H"))
    dire(paste0(d, ".by.", e), {x <- subset(rk, stype == e); c(attr(svyciprop(~prime, x, method = "xlogit"), "ci"), degf(x))})
  dire(paste0(d, ".net"), {x <- svycontrast(svymean(~awards, rk), c(-1, 1)); c(coef(x), SE(x))})
}
# A weighted survey: the answers that tests/test_redresse.py writes from bfi.csv, raked on two questions.
b <- head(na.omit(bfi[, c("A2", "A3", "A4", "A5", "C1", "gender", "education")]), 600)
b$un <- 1
b$profil <- factor(ifelse(b$education <= 3, "a", "b")); b$sexe <- factor(ifelse(b$gender == 1, "h", "f"))
note <- function(x) c(1, 1, 2, 3, 3, 4)[x]
b$accueil <- note(b$A2); b$attente <- note(b$A3); b$ecoute <- note(b$A5)
b$points <- 100 * ((2 * b$A4 - 2 >= 9) - (2 * b$A4 - 2 <= 6)); b$effort <- b$C1 + 1
b$dit <- TRUE; b$dit[seq(7, 600, 50)] <- FALSE; b$attente[!b$dit] <- 0   # no opinion: out of the domain
b$oui <- as.numeric(b$accueil >= 3)
rb <- rake(svydesign(id = ~1, weights = ~un, data = b), list(~profil, ~sexe),
           list(data.frame(profil = c("a", "b"), Freq = 600 * c(0.35, 0.65)), data.frame(sexe = c("f", "h"), Freq = 600 * c(0.5, 0.5))),
           control = list(maxit = 500, epsilon = 1e-11))
bornes <- function(x, plan) c(coef(x), SE(x), confint(x, df = degf(plan)))
dire("enquete.oui", {x <- svyciprop(~oui, rb, method = "xlogit"); c(coef(x), SE(svymean(~oui, rb)), attr(x, "ci"))})
dire("enquete.moyenne", bornes(svymean(~accueil, rb), rb))
dire("enquete.attente", {x <- subset(rb, dit); bornes(svymean(~attente, x), x)})
dire("enquete.points", bornes(svymean(~points, rb), rb))
dire("enquete.effort", bornes(svymean(~effort, rb), rb))
dire("enquete.by", {x <- svyby(~oui, ~profil, rb, svymean); c(coef(x), SE(x))})
dire("enquete.by.a", attr(svyciprop(~oui, subset(rb, profil == "a"), method = "xlogit"), "ci"))
dire("enquete.table", prop.table(svytable(~profil + oui, rb), 1)[, "1"])
dire("enquete.raoscott", {x <- svychisq(~profil + oui, rb); c(x$statistic, x$p.value)})
complet <- update(subset(rb, dit), s = accueil + attente + ecoute)
complet <- update(complet, a2 = accueil^2, t2 = attente^2, e2 = ecoute^2, s2 = s^2)
dire("enquete.alpha", svycralpha(~accueil + attente + ecoute, complet))
m <- svymean(~accueil + attente + ecoute + s + a2 + t2 + e2 + s2, complet)
dire("enquete.alpha.contraste", bornes(svycontrast(m, quote(
  (3 / 2) * (1 - ((a2 - accueil^2) + (t2 - attente^2) + (e2 - ecoute^2)) / (s2 - s^2)))), complet))
# Spearman: the correlation of the mid-ranks of the weighted answers. Its error is the delta method on the covariance of
# the cells of the two-way table; their derivatives are exact (complex step), the ranks being estimated too.
rho <- function(p) {
  P <- matrix(p, 4); pa <- rowSums(P); pb <- colSums(P)
  ra <- cumsum(pa) - pa / 2; rb <- cumsum(pb) - pb / 2
  ra <- ra - sum(pa * ra); rb <- rb - sum(pb * rb)
  sum(P * outer(ra, rb)) / sqrt(sum(pa * ra^2) * sum(pb * rb^2))
}
cases <- svymean(~interaction(factor(ecoute, 1:4), factor(accueil, 1:4)), rb)
g <- sapply(seq_along(coef(cases)), function(i) Im(rho(coef(cases) + 1e-20i * (seq_along(coef(cases)) == i))) / 1e-20)
r <- Re(rho(coef(cases))); e <- sqrt(drop(t(g) %*% vcov(cases) %*% g))
dire("enquete.spearman", c(r, e, tanh(atanh(r) + c(-1, 1) * qt(0.975, degf(rb)) * e / (1 - r^2))))
rangs <- function(y) {w <- weights(rb); s <- tapply(w, y, sum); (cumsum(s) - s / 2)[as.character(y)]}
dire("enquete.spearman.svyvar", cov2cor(as.matrix(svyvar(~ra + re, update(rb, ra = rangs(accueil), re = rangs(ecoute)))))[1, 2])
write.csv(sortie, "sondage.csv", row.names = FALSE)
