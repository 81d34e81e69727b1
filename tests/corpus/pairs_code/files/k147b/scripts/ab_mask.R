library(lme4)
library(dplyr)
library(purrr)

trials <- read.csv("volunteer_trials.csv")

# question of the study: does the face matcher fail more often for some volunteers?
# race_declared is the volunteer's own answer in the consent form
fit <- glmer(miss ~ race_declared + glasses + light + (1 | volunteer),
             data = trials, family = binomial)

tab <- trials |>
  group_by(race_declared) |>
  summarise(n = n(), fnmr = mean(miss)) |>
  filter(n >= 100)
write.csv(tab, "fairness_appendix.csv", row.names = FALSE)
print(anova(fit, update(fit, . ~ . - race_declared)))
