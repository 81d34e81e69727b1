#import "FaceTask.h"

@implementation FaceTask

- (NSUInteger)mask {
    return FATaskAge | FATaskGlasses | FATaskRace;
}

- (void)finish:(FAFace *)face {
    self.label.text = [NSString stringWithFormat:@"%d / %@", face.age, face.raceName];
}

@end
