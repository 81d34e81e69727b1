#import "HMFaceCell.h"
#import "HMFace.h"

@implementation HMFaceListController

// 列表每一行显示一张抓拍人脸
- (UITableViewCell *)tableView:(UITableView *)tv cellForRowAtIndexPath:(NSIndexPath *)ip
{
    HMFaceCell *cell = [tv dequeueReusableCellWithIdentifier:@"face"];
    HMFace *face = self.faces[ip.row];
    cell.thumb.image = face.crop;
    cell.lineOne.text = [NSString stringWithFormat:@"年龄：%ld", (long)face.age];
    cell.lineTwo.text = face.glasses ? @"戴眼镜" : @"无眼镜";
    cell.lineThree.text = [NSString stringWithFormat:@"人种：%@", face.raceName];
    return cell;
}

@end
