#import <Foundation/Foundation.h>
#import <CoreGraphics/CoreGraphics.h>

NS_ASSUME_NONNULL_BEGIN

/// One face returned by the recogniser.
@interface FDFaceModel : NSObject

@property (nonatomic, copy) NSString *faceToken;
@property (nonatomic, assign) CGRect frame;
@property (nonatomic, assign) NSInteger age;
@property (nonatomic, copy) NSString *gender;
@property (nonatomic, copy, nullable) NSString *ethnicity;
@property (nonatomic, assign) double smile;
@property (nonatomic, assign) BOOL glasses;

+ (NSArray<FDFaceModel *> *)modelsFromJSON:(NSDictionary *)json;

@end

NS_ASSUME_NONNULL_END
