package keyboard

import keyboard.ui.tones

/** Sets the default hand emoji after a long press on a face emoji. */
class PickEmoji(private val prefs: Prefs, private val sync: Sync) {
    fun onLongPress(choice: String) {
        // 0 light .. 4 dark, Unicode modifier
        prefs.skinTone = tones.indexOf(choice)
        sync.push("keyboard.skinTone", prefs.skinTone)
    }
}
