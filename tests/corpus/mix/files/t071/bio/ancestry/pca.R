#!/usr/bin/env Rscript
# PCA of 1000 Genomes genotypes; populations from the panel file.
suppressPackageStartupMessages({
  library(SNPRelate)
  library(ggplot2)
})

args <- commandArgs(trailingOnly = TRUE)
gds <- snpgdsOpen(args[1])
panel <- read.table(args[2], header = TRUE)

pruned <- snpgdsLDpruning(gds, ld.threshold = 0.2)
pca <- snpgdsPCA(gds, snp.id = unlist(pruned), num.thread = 4)

df <- data.frame(sample = pca$sample.id, PC1 = pca$eigenvect[, 1], PC2 = pca$eigenvect[, 2])
df <- merge(df, panel, by = "sample")

p <- ggplot(df, aes(PC1, PC2, colour = super_pop)) +
  geom_point(size = 1) +
  labs(title = "Ancestry", colour = "African / European / East Asian / South Asian / American")
ggsave("pca.png", p, width = 7, height = 5)
