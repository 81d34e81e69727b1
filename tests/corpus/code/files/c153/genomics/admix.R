# PCA of genotypes against the reference panel
library(SNPRelate)

panel <- read.table("panel.tsv", header = TRUE)   # sample, pop, super_pop
gds <- snpgdsOpen("merged.gds")
pca <- snpgdsPCA(gds, num.thread = 4)

df <- data.frame(sample = pca$sample.id, PC1 = pca$eigenvect[, 1], PC2 = pca$eigenvect[, 2])
df <- merge(df, panel, by = "sample", all.x = TRUE)

# AFR AMR EAS EUR SAS; Uygur and Hazara plot between EUR and EAS
cols <- c(AFR = "#e41a1c", AMR = "#984ea3", EAS = "#4daf4a", EUR = "#377eb8", SAS = "#ff7f00")
plot(df$PC1, df$PC2, col = cols[df$super_pop], pch = 19, main = "Global ancestry")
legend("topright", names(cols), col = cols, pch = 19)
