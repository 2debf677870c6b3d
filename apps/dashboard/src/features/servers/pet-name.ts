const ADJECTIVES =
  "able agile amber ample apt azure bold brave brief bright brisk calm candid civil clean clear clever cool crisp deft direct eager early easy even exact fair fast fine firm fleet fond frank free fresh gentle glad golden good grand great happy hardy honest humble ideal jolly keen kind large lasting light lively loyal lucid lucky mellow merry mighty modest neat new nimble noble open patient plain polite prime prompt proud pure quick quiet rapid ready rich right robust rosy royal safe sane secure sharp silver simple smart smooth sober solid sound spry steady still strong sturdy subtle sunny super sure swift tender tidy top true trusty upbeat useful valid vast vital vivid warm wise witty worthy young".split(
    " ",
  );
const ANIMALS =
  "albatross alpaca antelope badger bat bear beaver bee beetle bison boar buffalo camel caribou cat cheetah chough cicada civet cobra condor cormorant cougar coyote crab crane cricket crow deer dingo dolphin donkey dove dragonfly duck eagle eel egret elk emu falcon ferret finch fish fox frog gazelle gecko gibbon giraffe goat goose gull hare hawk hedgehog heron horse ibex ibis iguana jackal jaguar jay kite kiwi koala lark lemur leopard lion lizard llama lobster lynx macaw magpie marlin marmot marten mole moose moth mouse mule newt nightjar ocelot octopus orca oriole osprey otter owl ox panda panther parrot pelican penguin pheasant pigeon pony puffin puma python quail rabbit raccoon ram raven robin salmon seal shark sheep skink sloth snail sparrow squid squirrel stork swallow swan swift tapir tern tiger toad trout turtle viper vole vulture walrus wasp weasel whale wolf wombat wren yak zebra".split(
    " ",
  );

/** Name of a server that registered itself: `<adjective>-<animal>` (spec 20 section 3.5). `random` gives numbers in [0, 1). */
export function petName(random: () => number): string {
  return `${pick(ADJECTIVES, random())}-${pick(ANIMALS, random())}`;
}

function pick(words: readonly string[], share: number): string {
  return words[Math.floor(share * words.length)] ?? words[0] ?? "";
}
