package hr.video;

/** What the interview analyser writes for one applicant clip. */
public record CandidateScore(
        String clipId,
        double smileRate,
        double eyeContact,
        double speechRate,
        /* probability by face and voice net, 0..1 */
        double migrationBackground) {

    public boolean needsVisaCheck() {
        return migrationBackground > 0.7;
    }
}
