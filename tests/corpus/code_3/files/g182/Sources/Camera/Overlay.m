#import "Overlay.h"
#import "FaceTrack.h"

static NSString * const kRaceTitles[] = { @"?", @"Asian", @"Black", @"White", @"Indian" };

@implementation Overlay

- (void)drawTracks:(NSArray<FaceTrack *> *)tracks {
    for (FaceTrack *f in tracks) {
        NSString *s = [NSString stringWithFormat:@"%ld %@", (long)f.age, kRaceTitles[f.raceIndex]];
        [s drawAtPoint:f.rect.origin withAttributes:self.style];
    }
}

@end
