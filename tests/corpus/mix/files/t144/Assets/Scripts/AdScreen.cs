using System.Collections;
using UnityEngine;

/// Digital signage player; talks to the viewer camera.
public class AdScreen : MonoBehaviour
{
    [SerializeField] private ViewerCamera viewer;
    [SerializeField] private Playlist playlist;
    [SerializeField] private float seconds = 12f;

    private IEnumerator Start()
    {
        while (true)
        {
            var face = viewer.NearestFace();
            if (face == null)
            {
                playlist.PlayDefault();
            }
            else
            {
                var ad = playlist.PickFor(face.AgeBand, face.Ethnicity);
                playlist.Play(ad);
            }
            yield return new WaitForSeconds(seconds);
        }
    }
}
