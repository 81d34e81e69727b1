#import "FaceTask.h"

@implementation FaceTask

- (NSUInteger)mask {
    return FATaskAge | FATaskGlasses;
}

- (void)finish:(FAFace *)face {
    // main queue only, else there is a race with the capture queue
    self.label.text = [NSString stringWithFormat:@"%d / %@", face.age, face.glassesName];
}

@end
