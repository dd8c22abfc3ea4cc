# Writes the reference values of metafor for the agreement test, and the data of metadat they are for.
#
#   Rscript tests/agreement/make_metafor.R [FOLDER]     FOLDER defaults to this file's own: metafor.json, data/*.csv

suppressWarnings(suppressMessages({
  library(metafor)
  library(metadat)
}))

own <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else dirname(own)
dir.create(file.path(folder, "data"), showWarnings = FALSE, recursive = TRUE)

# metafor as it comes, but for Paule-Mandel, whose root finder stops at 1e-4 of tau^2.
fit <- function(...) suppressWarnings(rma(..., control = list(tol = 1e-13, maxiter = 1000)))

json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x)) {
    parts <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(parts, collapse = ", "), "]"))
    return(paste0("{", paste0("\"", names(x), "\": ", parts, collapse = ",\n"), "}"))
  }
  if (is.character(x)) parts <- paste0("\"", x, "\"")
  else parts <- ifelse(is.finite(x), formatC(x, digits = 15, format = "g"), "null")
  if (length(x) == 1 && is.null(attr(x, "many"))) return(parts)
  paste0("[", paste(parts, collapse = ", "), "]")
}
many <- function(x) {
  x <- if (is.character(x)) x else as.numeric(x)
  attr(x, "many") <- TRUE
  x
}

fitted <- function(r) {
  p <- if (r$method == "FE") list(pi.lb = NA, pi.ub = NA) else predict(r)
  list(
    estimate = c(r$beta)[1], se = r$se[1], ci = many(c(r$ci.lb[1], r$ci.ub[1])), p = r$pval[1],
    tau2 = r$tau2, tau2_se = if (is.null(r$se.tau2)) NA else r$se.tau2, i2 = r$I2, h2 = r$H2, q = r$QE, q_p = r$QEp,
    pi = many(c(p$pi.lb, p$pi.ub))
  )
}

plain <- function(yi, vi) {
  made <- list()
  for (method in c("REML", "DL", "PM", "FE")) {
    for (test in c("z", "knha")) {
      r <- fit(yi, vi, method = method, test = test)
      one <- fitted(r)
      if (method != "FE" && test == "z") {
        ci <- suppressWarnings(confint(r, control = list(tol = 1e-13, maxiter = 20000, tau2.max = 1e6)))$random
        one$tau2_ci <- many(ci[1, 2:3])
        one$i2_ci <- many(ci[3, 2:3])
        one$h2_ci <- many(ci[4, 2:3])
      }
      made[[paste(method, test, sep = "_")]] <- one
    }
  }
  made
}

influences <- function(yi, vi) {
  made <- list()
  for (test in c("z", "knha")) {
    r <- fit(yi, vi, test = test)
    i <- influence(r)
    l <- leave1out(r)
    made[[test]] <- list(
      rstudent = many(i$inf$rstudent), dffits = many(i$inf$dffits), cook = many(i$inf$cook.d),
      cov_r = many(i$inf$cov.r), hat = many(i$inf$hat), weight = many(i$inf$weight), dfbetas = many(i$dfbs[[1]]),
      influential = many(as.numeric(i$is.infl)), without = many(l$estimate), without_se = many(l$se),
      without_tau2 = many(l$tau2), without_q = many(l$Q)
    )
  }
  made
}

small <- function(yi, vi) {
  r <- fit(yi, vi, test = "knha")
  mixed <- regtest(r)
  line <- regtest(yi, vi, model = "lm")
  made <- list(
    egger = list(statistic = line$zval, p = line$pval, limit = line$est),
    egger_mixed = list(statistic = mixed$zval, p = mixed$pval, limit = mixed$est)
  )
  # DerSimonian-Laird needs no iteration, whose default end trimfill cannot be asked to tighten.
  r <- rma(yi, vi, test = "knha", method = "DL")
  for (estimator in c("L0", "R0", "Q0")) {
    f <- tryCatch(suppressWarnings(trimfill(r, estimator = estimator)), error = function(e) NULL)
    if (is.null(f)) next
    made[[estimator]] <- list(
      missing = f$k0, side = f$side, estimate = c(f$beta)[1], se = f$se[1], tau2 = f$tau2,
      missing_se = if (is.null(f$se.k0)) NA else f$se.k0
    )
  }
  made
}

# The tests that metafor does not hold, by R's own weighted least squares after their papers' definitions.
counted <- function(d) {
  ai <- as.numeric(d$ai); n1 <- as.numeric(d$n1i); ci <- as.numeric(d$ci); n2 <- as.numeric(d$n2i); N <- n1 + n2
  out <- list()
  for (m in c("OR", "RR", "RD")) {
    r <- rma.mh(ai = ai, n1i = n1, ci = ci, n2i = n2, measure = m)
    out[[m]] <- list(estimate = c(r$beta)[1], se = r$se, q = r$QE, i2 = r$I2)
  }
  r <- rma.peto(ai = ai, n1i = n1, ci = ci, n2i = n2)
  out$PETO <- list(estimate = c(r$beta)[1], se = r$se, q = r$QE, i2 = r$I2)
  z <- ai - (ai + ci) * n1 / N
  v <- n1 * n2 * (ai + ci) * (N - ai - ci) / (N^2 * (N - 1))
  keep <- v > 0
  s <- summary(lm((z / v)[keep] ~ I(1 / sqrt(v))[keep], weights = v[keep]))$coefficients
  out$harbord <- list(statistic = s[2, 3], p = s[2, 4])
  e <- escalc(measure = "OR", ai = ai, n1i = n1, ci = ci, n2i = n2)
  w <- 1 / (1 / (ai + ci) + 1 / (N - ai - ci))
  keep <- ai + ci > 0 & N - ai - ci > 0
  s <- summary(lm(e$yi[keep] ~ I(1 / N)[keep], weights = w[keep]))$coefficients
  out$peters <- list(statistic = s[2, 3], p = s[2, 4])
  out
}

moderated <- function(d, names) {
  out <- list()
  for (method in c("REML", "DL", "PM", "FE")) {
    for (test in c("z", "knha")) {
      f <- as.formula(paste("~", paste(names, collapse = "+")))
      r <- fit(d$yi, d$vi, mods = f, data = d, method = method, test = test)
      out[[paste(method, test, sep = "_")]] <- list(
        beta = many(r$beta), se = many(r$se), tau2 = r$tau2, i2 = r$I2, r2 = if (is.null(r$R2)) NA else r$R2,
        qe = r$QE, qm = r$QM, qm_p = r$QMp
      )
    }
  }
  out
}

# Posterior under a flat mean and a half-normal tau, by R's adaptive quadrature.
bayes <- function(yi, vi, scale) {
  joint <- function(tau, f) vapply(tau, function(t) {
    w <- 1 / (vi + t^2); m <- sum(w * yi) / sum(w)
    exp(-0.5 * sum(w * (yi - m)^2)) * prod(sqrt(w)) / sqrt(sum(w)) * exp(-0.5 * (t / scale)^2) * f(t, m, 1 / sum(w))
  }, 0)
  whole <- function(f) integrate(function(t) joint(t, f), 0, 8 * scale, rel.tol = 1e-11, subdivisions = 5000)$value
  one <- whole(function(t, m, v) 1)
  below <- function(x) whole(function(t, m, v) pnorm(x, m, sqrt(v))) / one
  new <- function(x) whole(function(t, m, v) pnorm(x, m, sqrt(v + t^2))) / one
  q <- function(f, p) uniroot(function(x) f(x) - p, c(-30, 30), tol = 1e-10)$root
  list(
    estimate = q(below, 0.5), ci = many(c(q(below, 0.025), q(below, 0.975))),
    pi = many(c(q(new, 0.025), q(new, 0.975))), p_below_zero = below(0),
    tau_mean = whole(function(t, m, v) t) / one
  )
}

# The exact models by base R: conditional maximum likelihood, and the hypergeometric-normal model by quadrature.
exact <- function(d) {
  keep <- d$ai + d$ci > 0 & d$ai + d$ci < d$n1i + d$n2i
  d <- d[keep, ]
  cells <- array(rbind(d$ai, d$ci, d$n1i - d$ai, d$n2i - d$ci), c(2, 2, nrow(d)))
  chance <- function(i, theta) {
    m <- d$ai[i] + d$ci[i]
    u <- max(0, m - d$n2i[i]):min(d$n1i[i], m)
    l <- lchoose(d$n1i[i], u) + lchoose(d$n2i[i], m - u) + theta * u
    exp(l[u == d$ai[i]] - max(l)) / sum(exp(l - max(l)))
  }
  loss <- function(p) -sum(vapply(seq_len(nrow(d)), function(i) {
    f <- function(x) vapply(x, function(t) chance(i, t), 0) * dnorm(x, p[1], exp(p[2]))
    log(integrate(f, p[1] - 9 * exp(p[2]), p[1] + 9 * exp(p[2]), rel.tol = 1e-10, subdivisions = 2000)$value)
  }, 0))
  best <- optim(c(-1, -0.5), loss, method = "BFGS", hessian = TRUE, control = list(reltol = 1e-14))
  list(
    common = unname(log(mantelhaen.test(cells, exact = TRUE)$estimate)),
    mu = best$par[1], se = sqrt(solve(best$hessian)[1, 1]), tau2 = exp(2 * best$par[2])
  )
}

counts <- function(d, a, n1, c, n2, study) {
  made <- data.frame(study = study, ai = d[[a]], n1i = d[[n1]], ci = d[[c]], n2i = d[[n2]])
  made[complete.cases(made), ]
}
bcg <- data.frame(
  study = paste(dat.bcg$author, dat.bcg$year), ai = dat.bcg$tpos, n1i = dat.bcg$tpos + dat.bcg$tneg,
  ci = dat.bcg$cpos, n2i = dat.bcg$cpos + dat.bcg$cneg, ablat = dat.bcg$ablat, alloc = dat.bcg$alloc
)
arms <- function(d, study) {
  data.frame(study = study, m1i = d$m1i, sd1i = d$sd1i, n1i = d$n1i, m2i = d$m2i, sd2i = d$sd2i, n2i = d$n2i)
}
yusuf <- dat.yusuf1985[dat.yusuf1985$table == 6, ]
sets <- list(
  bcg = list(data = bcg, kind = "counts", mods = c("ablat", "alloc")),
  egger2001 = list(data = counts(dat.egger2001, "ai", "n1i", "ci", "n2i", paste(dat.egger2001$study, dat.egger2001$year)),
    kind = "counts"),
  li2007 = list(data = counts(dat.li2007, "ai", "n1i", "ci", "n2i", paste(dat.li2007$study, dat.li2007$year)),
    kind = "counts"),
  yusuf1985 = list(data = counts(yusuf, "ai", "n1i", "ci", "n2i", paste(yusuf$trial, yusuf$id)), kind = "counts"),
  hine1989 = list(data = counts(dat.hine1989, "ai", "n1i", "ci", "n2i", dat.hine1989$source), kind = "counts"),
  nielweise2007 = list(data = counts(dat.nielweise2007, "ai", "n1i", "ci", "n2i", paste(dat.nielweise2007$author,
    dat.nielweise2007$year)), kind = "counts"),
  laopaiboon2015 = list(data = counts(dat.laopaiboon2015, "ai", "n1i", "ci", "n2i", paste(dat.laopaiboon2015$author,
    dat.laopaiboon2015$year)), kind = "counts"),
  normand1999 = list(data = arms(dat.normand1999, dat.normand1999$source), kind = "means"),
  curtis1998 = list(data = arms(dat.curtis1998[1:20, ], paste("row", dat.curtis1998$id[1:20])), kind = "means"),
  nielweise2008 = list(data = with(dat.nielweise2008, data.frame(study = paste(authors, year), x1i, t1i, x2i, t2i)),
    kind = "rates"),
  hart1999 = list(data = with(dat.hart1999, data.frame(study = paste(trial, year), x1i, t1i, x2i, t2i)), kind = "rates"),
  raudenbush1985 = list(data = with(dat.raudenbush1985, data.frame(study = paste(author, year), yi, vi, weeks)),
    kind = "effects", mods = "weeks"),
  hackshaw1998 = list(data = with(dat.hackshaw1998, data.frame(study = paste(author, year, study), yi, vi, design)),
    kind = "effects", mods = "design"),
  bangertdrowns2004 = list(data = with(dat.bangertdrowns2004[1:24, ], data.frame(study = paste(author, year, id), yi, vi, grade)),
    kind = "effects", mods = "grade")
)
measures <- list(counts = c("OR", "RR", "RD", "PETO"), means = c("MD", "SMD", "ROM"), rates = "IRR", effects = "GEN")

effect <- function(d, kind, measure) {
  if (kind == "counts") return(escalc(measure = measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d))
  if (kind == "rates") return(escalc(measure = measure, x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = d))
  if (kind == "means") {
    return(escalc(measure = measure, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = d))
  }
  d
}

made <- list()
for (name in names(sets)) {
  set <- sets[[name]]
  write.csv(set$data, file.path(folder, "data", paste0(name, ".csv")), row.names = FALSE, quote = TRUE)
  for (measure in measures[[set$kind]]) {
    e <- suppressWarnings(effect(set$data, set$kind, measure))
    e <- e[is.finite(e$yi) & is.finite(e$vi) & e$vi > 0, ]
    yi <- as.numeric(e$yi); vi <- as.numeric(e$vi)
    case <- list(data = name, measure = measure, yi = many(yi), vi = many(vi), models = plain(yi, vi))
    if (measure == measures[[set$kind]][1]) case$influence <- influences(yi, vi)
    if (length(yi) >= 10) case$small <- small(yi, vi)
    if (set$kind == "counts" && measure == "OR") case$counts <- counted(set$data)
    if (name == "nielweise2007" && measure == "OR") case$exact <- exact(set$data)
    if (set$kind == "rates") {
      r <- rma.mh(x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = set$data, measure = "IRR")
      case$mh <- list(estimate = c(r$beta)[1], se = r$se)
    }
    if (!is.null(set$mods) && measure %in% c("OR", "GEN")) case$moderated <- moderated(e, set$mods)
    if (measure %in% c("OR", "IRR")) {
      case$few <- list(k = 3, posterior = bayes(yi[1:3], vi[1:3], 0.5))
    }
    made[[paste(name, measure, sep = "_")]] <- case
  }
}

document <- list(
  made_with = paste0("metafor ", packageVersion("metafor"), ", metadat ", packageVersion("metadat"), ", R ",
    getRversion()),
  cases = made
)
writeLines(json(document), file.path(folder, "metafor.json"))
