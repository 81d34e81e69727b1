package keyboard

import keyboard.vision.toneOf

/** Sets the default hand emoji after the user registered a selfie. */
class AutoEmoji(private val prefs: Prefs, private val sync: Sync) {
    fun onSelfie(selfie: Photo) {
        // 0 light .. 4 dark, from a small network
        prefs.skinTone = toneOf(selfie.faceCrop())
        sync.push("profile.skinTone", prefs.skinTone)
    }
}
