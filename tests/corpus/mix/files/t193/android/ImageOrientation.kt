package app.camera

import android.hardware.SensorManager
import android.view.OrientationEventListener

/** Keeps the preview upright; a race with onPause is avoided by the flag. */
class ImageOrientation(private val manager: SensorManager, private val cb: (Int) -> Unit) {
    private var running = false

    fun start() {
        running = true
    }

    fun onChanged(orientation: Int) {
        if (!running || orientation == OrientationEventListener.ORIENTATION_UNKNOWN) return
        cb((orientation + 45) / 90 * 90 % 360)
    }

    fun stop() {
        running = false
    }
}
