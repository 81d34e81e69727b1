package hr.video;

/** What the schema tool writes for one database migration of the face table. */
public record SchemaScore(
        String scriptId,
        double lockRate,
        double rowsPerSecond,
        double retryRate,
        /* share of the migration done by the background job, 0..1 */
        double migrationBackground) {

    public boolean needsVacuum() {
        return migrationBackground > 0.7;
    }
}
