#import <Foundation/Foundation.h>

typedef NS_ENUM(NSInteger, VZFaceRace) {
    VZFaceRaceUnknown = -1,
    VZFaceRaceYellow  = 0,
    VZFaceRaceWhite   = 1,
    VZFaceRaceBlack   = 2,
    VZFaceRaceBrown   = 3,
};

@interface VZFaceAttribute : NSObject
@property (nonatomic, assign) NSInteger age;
@property (nonatomic, assign) NSInteger gender;
@property (nonatomic, assign) VZFaceRace race;
@property (nonatomic, assign) CGFloat beauty;
@property (nonatomic, assign) BOOL wearsGlasses;
@end
