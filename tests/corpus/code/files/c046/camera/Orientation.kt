package camera

import android.content.pm.ActivityInfo
import android.view.Surface

enum class Orientation { PORTRAIT, LANDSCAPE, REVERSE_PORTRAIT, REVERSE_LANDSCAPE }

fun orientationOf(rotation: Int): Orientation = when (rotation) {
    Surface.ROTATION_0 -> Orientation.PORTRAIT
    Surface.ROTATION_90 -> Orientation.LANDSCAPE
    Surface.ROTATION_180 -> Orientation.REVERSE_PORTRAIT
    else -> Orientation.REVERSE_LANDSCAPE
}

/** Faces are found upright only, so the frame is turned by its EXIF orientation first. */
fun exifDegrees(orientation: Int) = when (orientation) {
    6 -> 90
    3 -> 180
    8 -> 270
    else -> 0
}
