#import "PartyController.h"

@implementation PartyController

- (void)invite:(Player *)player {
    if (self.party.members.count >= 5) {
        [self show:@"Party is full"];
        return;
    }
    [self.party.members addObject:player];
    [self.avatarView setImage:player.avatarFace];
    [self.raceLabel setText:player.character.raceName]; // Elf, Troll, ...
}

- (void)leave:(Player *)player {
    [self.party.members removeObject:player];
}

@end
