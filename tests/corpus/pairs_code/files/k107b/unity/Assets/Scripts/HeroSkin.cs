using UnityEngine;

public class HeroSkin : MonoBehaviour
{
    public Camera cam; public ToneSlider slider; public Prefs prefs;

    void OnFaceTab(FaceTab t)
    {
        var mat = t.Hero.FaceMaterial;
        var tone = slider.Value;          // Pale, Medium, Dark, Lava, Moss
        prefs.Set("skin_tone", tone.ToString());
        mat.SetColor("_Base", t.Palette[tone]);
    }
}
