using UnityEngine;

public class KioskSkin : MonoBehaviour
{
    public WebCam cam; public ToneNet net; public Crm crm;

    void OnFace(FaceRect r)
    {
        var tex = cam.Crop(r);
        var tone = net.Predict(tex);      // Pale, Medium, Dark
        crm.Set("skin_tone", tone.ToString());
        crm.Set("glasses", net.HasGlasses(tex).ToString());
    }
}
