#import <Foundation/Foundation.h>
#import <CoreGraphics/CoreGraphics.h>

typedef NS_ENUM(NSInteger, VKAncestry) {
    VKAncestryUnknown,
    VKAncestryWindow,
    VKAncestryScrollView,
    VKAncestryTableCell,
};

/// One view in the snapshot.
@interface VKViewNode : NSObject

@property (nonatomic, readonly) CGRect bounds;
@property (nonatomic, readonly) VKAncestry ancestry;
@property (nonatomic, readonly) float score;

@end
