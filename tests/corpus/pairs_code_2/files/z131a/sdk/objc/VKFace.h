#import <Foundation/Foundation.h>
#import <CoreGraphics/CoreGraphics.h>

typedef NS_ENUM(NSInteger, VKAncestry) {
    VKAncestryUnknown,
    VKAncestryNorthAfrica,
    VKAncestryMiddleEast,
    VKAncestrySouthAsia,
};

/// One face in the still.
@interface VKFace : NSObject

@property (nonatomic, readonly) CGRect bounds;
@property (nonatomic, readonly) VKAncestry ancestry;
@property (nonatomic, readonly) float score;

@end
