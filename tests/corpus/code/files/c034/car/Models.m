#import <Foundation/Foundation.h>

typedef NS_ENUM(NSInteger, VehicleColour) {
    VehicleColourUnknown,
    VehicleColourBlack,
    VehicleColourWhite,
    VehicleColourYellow,
    VehicleColourBrown,
};

typedef NS_ENUM(NSInteger, VehicleOrigin) {
    VehicleOriginAsian,
    VehicleOriginEuropean,
    VehicleOriginAmerican,
};

@interface VehicleAttr : NSObject
@property (nonatomic) VehicleColour colour;
@property (nonatomic) VehicleOrigin origin;
@property (nonatomic, copy) NSString *plate;
@property (nonatomic) CGRect box;
@end
