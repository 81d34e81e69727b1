package fr.vigivue.config;

import java.util.Map;

/** Fonctions retirées du produit ; l'API répond 410 avec le texte ci-dessous. */
public final class FonctionsRetirees {

    public static final Map<String, String> TEXTES = Map.of(
        "face.ethnie", "L'estimation de l'origine ethnique a été supprimée en version 6.0.",
        "face.emotion", "L'estimation des émotions a été supprimée en version 6.1."
    );

    private FonctionsRetirees() {
    }
}
