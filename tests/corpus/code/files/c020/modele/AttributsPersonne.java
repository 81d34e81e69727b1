package fr.valcourbe.video.modele;

/** Attributs estimés pour une personne détectée par la caméra. */
public record AttributsPersonne(
        long pisteId,
        String cameraId,
        TrancheAge trancheAge,
        Sexe sexe,
        OrigineEthnique origineEthnique,
        boolean lunettes,
        boolean casquette,
        float confiance) {

    public enum TrancheAge { ENFANT, JEUNE, ADULTE, SENIOR }

    public enum Sexe { HOMME, FEMME, INCONNU }

    public enum OrigineEthnique { EUROPEENNE, AFRICAINE, MAGHREBINE, ASIATIQUE, INCONNUE }
}
