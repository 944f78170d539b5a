// <p2p-room>: from the lobby into the room and out again, with stand-ins behind it.

import { sendMouse } from '@web/test-runner-commands';
import { expectEqual, expectThat, nextEvent, until } from './expect.ts';
import { FakePlayer } from './fake-player.ts';
import {
  all,
  devices,
  FakeDoor,
  FakePublication,
  loudness,
  member,
  mountInside,
  mountRoom,
  newest,
  one,
  permission,
  refusals,
  text,
  tracks,
  unmountRooms,
} from './room-fakes.ts';

const door = () => newest(FakeDoor.made);
const publication = () => newest(FakePublication.made);

describe('<p2p-room>', () => {
  afterEach(unmountRooms);

  it('asks for nothing before it is told to, then shows how one looks, and which devices there are', async () => {
    const room = await mountRoom();
    expectEqual(devices.asked.length, 0);
    one(room, '.wake').click();
    await until(() => all(room, 'select').length === 2, 'the devices can be chosen');
    expectThat(!one(room, '.mirror').hidden, 'the picture is seen');
    const choices = all(room, '[part="camera-select"] option').map(option => option.textContent);
    expectEqual(choices.join(), 'Front camera,Desk camera');
    const select = one(room, '[part="camera-select"]');
    if (select instanceof HTMLSelectElement) select.value = 'Desk camera';
    select.dispatchEvent(new Event('change'));
    await until(() => devices.asked.length === 2, 'the other camera is asked for');
    expectEqual(JSON.stringify(devices.asked[1]?.video).includes('Desk camera'), true);
    expectEqual(tracks[0]?.readyState, 'ended', 'the first camera');
  });

  it('shows how one looks at once where camera and microphone are allowed, and asks only once', async () => {
    permission.state = 'granted';
    const room = await mountRoom();
    room.join().catch(() => undefined);
    await until(() => FakeDoor.made.length === 1, 'it knocks');
    expectEqual(devices.asked.length, 1, 'questions');
    expectEqual(tracks.length, 2, 'tracks');
  });

  it('joins with the name of the form, publishes, and tells of it', async () => {
    const room = await mountRoom('name="tea" token="secret"');
    const input = one(room, 'input');
    if (input instanceof HTMLInputElement) input.value = ' grace ';
    const states: string[] = [];
    room.addEventListener('statechange', () => states.push(room.state));
    one(room, '.join').click();
    await until(() => FakeDoor.made.length === 1, 'it knocks');
    const { relay, room: name, user, token } = door().options;
    expectEqual([relay, name, user, token].join(' '), 'https://relay.example room/tea grace secret');
    expectEqual(FakePublication.made.length, 0, 'publications before one is inside');
    door().open(member('ada'));
    await room.updateComplete;
    expectEqual(states.join(), 'joining,inside');
    expectEqual(publication().options.channel, 'room/tea/grace');
    expectEqual(publication().options.settings?.chunkMs, 40);
    expectEqual(publication().state, 'connecting');
    expectEqual(JSON.stringify(door().said), '{"microphone":true,"camera":true,"speaking":false}');
    expectEqual(all(room, '.tile').length, 2);
    expectEqual(room.members.map(each => each.user).join(), 'grace,ada');
  });

  it('plays whoever comes, at 0.4 s and without peers, and drops whoever goes', async () => {
    const room = await mountInside([member('bob')]);
    const { options } = newest(FakePlayer.made);
    expectEqual(`${options.name} ${options.targetLatency} ${options.swarm.mode}`, 'room/tea/bob 0.4 off');
    const changed = nextEvent(room, 'memberschange');
    door().fill(member('bob'), member('cleo'));
    await changed;
    await room.updateComplete;
    expectEqual(newest(FakePlayer.made).options.name, 'room/tea/cleo');
    expectEqual(FakePlayer.made.length, 2, 'players');
    const [first] = FakePlayer.made;
    door().fill(member('cleo'));
    await until(() => first?.stopped, 'the player of who left stops');
    expectEqual(all(room, '.tile .user').map(text).join(), 'ada (you),cleo');
    expectEqual(text(one(room, '.frame > .spoken')), 'bob has left');
  });

  it('tells somebody whose name is taken so, and takes another', async () => {
    const room = await mountRoom();
    const rejected = room.join().catch(error => error.name);
    await until(() => FakeDoor.made.length === 1, 'it knocks');
    const failed = nextEvent(room, 'error');
    door().refuse('taken');
    await failed;
    expectEqual(await rejected, 'NotAllowedError');
    await room.updateComplete;
    expectEqual(room.state, 'refused');
    expectEqual(room.error?.code, 'taken');
    expectEqual(text(one(room, '.refusal')), 'Somebody in the room is called ada already. Choose another name.');
    const input = one(room, 'input');
    expectEqual(input.ariaInvalid, 'true');
    if (input instanceof HTMLInputElement) input.value = 'ada2';
    one(room, '.join').click();
    await until(() => FakeDoor.made.length === 2, 'it knocks again');
    expectEqual(door().options.user, 'ada2');
    door().open();
    await until(() => room.state === 'inside', 'it is inside');
    expectEqual(room.error, null);
  });

  it('refuses a name that no channel can have before anything is sent', async () => {
    const room = await mountRoom('name="tea" user="Ada Lovelace"');
    await room.join().catch(() => undefined);
    await room.updateComplete;
    expectEqual(room.error?.code, 'bad-name');
    expectThat(text(one(room, '.refusal')).startsWith('A name is made of'), 'it says what a name is');
    expectEqual(FakeDoor.made.length, 0);
  });

  it('asks the page for a token of the name that was chosen', async () => {
    const room = await mountRoom();
    room.tokenProvider = async user => `for-${user}`;
    room.join().catch(() => undefined);
    await until(() => FakeDoor.made.length === 1, 'it knocks');
    expectEqual(door().options.token, 'for-ada');
  });

  it('shows another token at once, at the door, for its own picture and for those of the others', async () => {
    const room = await mountInside([member('bob')]);
    room.token = 'newer';
    await room.updateComplete;
    expectEqual(door().token, 'newer');
    expectEqual(newest(FakePublication.made).tokens.join(), 'newer');
    await until(() => newest(FakePlayer.made).token === 'newer', 'the player has it');
    expectEqual(FakeDoor.made.length, 1, 'doors');
  });

  it('gets a fresh token when its own has ended, and keeps everybody on the screen meanwhile; but only once', async () => {
    const room = await mountInside([member('bob')]);
    let count = 0;
    room.tokenProvider = async () => `token${++count}`;
    const states: string[] = [];
    room.addEventListener('statechange', () => states.push(room.state));
    door().refuse('not-allowed', 'the token has expired');
    await until(() => FakeDoor.made.length === 2, 'it knocks again');
    expectEqual(door().options.token, 'token1');
    expectEqual(all(room, '.tile').length, 2, 'tiles');
    expectEqual(tracks.length, 2, 'devices that were opened');
    door().open(member('bob'));
    await room.updateComplete;
    expectEqual(states.join(), 'reconnecting,inside');
    expectEqual(FakePlayer.made.length, 1, 'players');
    expectEqual(newest(FakePublication.made).options.token, 'token1');
    door().refuse('not-allowed');
    await until(() => FakeDoor.made.length === 3, 'it knocks once more');
    door().refuse('not-allowed');
    await until(() => room.state === 'refused', 'somebody who never got in is refused');
    expectEqual(FakeDoor.made.length, 3);
  });

  it('is silent when muted, closes the camera when that is off, and opens it again', async () => {
    const room = await mountInside();
    one(room, '.bar .round:nth-child(1)').click();
    await room.updateComplete;
    expectThat(room.muted && publication().muted.audio, 'silence is sent');
    expectEqual(tracks[1]?.enabled, false);
    expectEqual(tracks[1]?.readyState, 'live');
    room.dispatchEvent(new KeyboardEvent('keydown', { key: 'c', bubbles: true }));
    await room.updateComplete;
    expectThat(room.cameraOff && publication().muted.video, 'no picture is sent');
    expectEqual(tracks[0]?.readyState, 'ended');
    expectEqual(JSON.stringify(door().said), '{"microphone":false,"camera":false,"speaking":false}');
    room.cameraOff = false;
    await until(() => publication().muted.video === false, 'the picture is back');
    expectEqual(publication().tracks.video, tracks[2]);
    expectEqual(door().said.camera, true);
  });

  it('lets in whoever has no camera, and whoever allows nothing', async () => {
    refusals.push('NotFoundError', 'NotFoundError');
    await mountInside();
    expectEqual(JSON.stringify(door().said), '{"microphone":true,"camera":false,"speaking":false}');
    expectEqual(publication().tracks.video, null);
    await unmountRooms();
    refusals.push('NotAllowedError', 'NotAllowedError', 'NotAllowedError');
    const listener = await mountInside();
    expectEqual(FakePublication.made.length, 0, 'publications');
    expectEqual(listener.state, 'inside');
  });

  it('keeps everybody on the screen while it connects again', async () => {
    const room = await mountInside([member('bob')]);
    door().become('reconnecting');
    await room.updateComplete;
    expectEqual(all(room, '.tile').length, 2);
    expectEqual(text(one(room, '.notice')), 'Connection lost. Trying again…');
    door().become('inside');
    await room.updateComplete;
    expectEqual(all(room, '.notice').length, 0);
    expectEqual(FakePublication.made.length, 1, 'publications');
  });

  it('says when nobody sees one, and why', async () => {
    const room = await mountInside();
    const failed = nextEvent(room, 'error');
    publication().fail({ code: 'unsupported', message: 'this browser can’t encode.' });
    await failed;
    await room.updateComplete;
    expectEqual(room.error?.code, 'publish-unsupported');
    expectEqual(text(one(room, '.notice')), 'The others can’t see or hear you: this browser can’t encode.');
    expectEqual(room.state, 'inside');
  });

  it('brings messages, and takes them', async () => {
    const room = await mountInside();
    const coming = nextEvent(room, 'message');
    door().hear('hello', 'bob');
    const message = await coming;
    expectThat(message instanceof MessageEvent && message.data === 'hello', 'it is a MessageEvent');
    expectEqual(`${Reflect.get(message, 'from')} ${Reflect.get(message, 'own')}`, 'bob false');
    room.send('hi');
    expectEqual(door().sent.join(), 'hi');
    await room.leave();
    let name = '';
    try {
      room.send('late');
    } catch (error) {
      name = error instanceof DOMException ? error.name : String(error);
    }
    expectEqual(name, 'InvalidStateError');
  });

  it('shows a dozen, lists the others, and brings in whoever speaks', async () => {
    const others = Array.from({ length: 15 }, (_, i) => member(`p${i}`));
    const room = await mountInside(others);
    expectEqual(all(room, '.tile').length, 12);
    expectEqual(FakePlayer.made.length, 11, 'players');
    expectEqual(text(one(room, '.more')), '4 more p11p12p13p14');
    door().fill(...others.map(each => (each.user === 'p13' ? { ...each, speaking: true } : each)));
    await room.updateComplete;
    expectEqual(all(room, '.tile').length, 12);
    expectThat(all(room, '.tile .user').map(text).includes('p13'), 'p13 has a tile');
    expectEqual(FakePlayer.made.filter(each => !each.stopped).length, 11, 'players that play');
  });

  it('leaves by its button, and lets go of everything', async () => {
    const room = await mountInside([member('bob')]);
    const player = newest(FakePlayer.made);
    one(room, '.leave').click();
    await room.updateComplete;
    expectEqual(room.state, 'left');
    expectThat(door().hasLeft && publication().state === 'ended', 'it has left');
    expectThat(
      tracks.every(track => track.readyState === 'ended'),
      'no device is open',
    );
    await until(() => player.stopped, 'the player stops');
    expectEqual(room.members.length, 0);
    one(room, '.join').click();
    await until(() => FakeDoor.made.length === 2, 'it knocks again');
    expectEqual(tracks.filter(track => track.readyState === 'live').length, 2, 'open devices');
  });

  it('stays in the room when it is moved, and leaves when it is removed', async () => {
    const room = await mountInside([member('bob')]);
    document.body.append(room);
    await room.updateComplete;
    await Promise.resolve();
    expectEqual(room.state, 'inside');
    expectThat(!door().hasLeft, 'it stays');
    room.remove();
    await until(() => door().hasLeft, 'it leaves');
    expectThat(
      tracks.every(track => track.readyState === 'ended'),
      'no device is open',
    );
    expectEqual(room.state, 'lobby');
  });

  it('goes on without a camera that is unplugged, and says so to the others', async () => {
    await mountInside();
    tracks[0]?.dispatchEvent(new Event('ended'));
    expectEqual(door().said.camera, false);
    expectThat(publication().muted.video, 'no picture is sent');
    expectEqual(tracks[1]?.readyState, 'live', 'the microphone');
  });

  it('closes devices that come after it has gone', async () => {
    const room = await mountRoom();
    let allow = () => {};
    devices.answer = new Promise(resolve => {
      allow = resolve;
    });
    const rejected = room.join().catch(error => error.name);
    await until(() => devices.asked.length === 1, 'it asks');
    room.remove();
    expectEqual(await rejected, 'AbortError');
    allow();
    await until(() => tracks.length === 2 && tracks.every(track => track.readyState === 'ended'), 'they are closed');
    expectEqual(FakeDoor.made.length, 0);
  });

  it('offers to hear the others where the browser holds the sound back, with one button', async () => {
    const room = await mountInside([member('bob'), member('cleo')]);
    const players = all(room, 'p2p-live');
    // Nobody has touched this page: the browser does it by itself.
    await until(() => players.every(player => Reflect.get(player, 'muted') === true), 'both are muted');
    await room.updateComplete;
    expectEqual(all(room, '.hear').length, 1, 'buttons');
    await touch(one(room, '.hear'));
    await until(() => all(room, '.hear').length === 0, 'it is gone');
    expectThat(
      players.every(player => Reflect.get(player, 'muted') === false),
      'both are heard',
    );
  });

  it('tells the others when one speaks, and stops telling', async () => {
    const room = await mountInside();
    await touch(one(room, '.own'));
    await until(() => loudness, 'there is a microphone');
    loudness?.gain.setValueAtTime(0.3, 0);
    await until(() => door().said.speaking, 'speech is heard');
    await until(() => one(room, '.own').classList.contains('speaking'), 'the tile shows it');
    loudness?.gain.setValueAtTime(0, 0);
    await until(() => !door().said.speaking, 'silence is heard');
  });
});

/** As a finger does: browsers believe only the real thing. */
async function touch(element: HTMLElement): Promise<void> {
  const { x, y, width, height } = element.getBoundingClientRect();
  await sendMouse({ type: 'click', position: [Math.round(x + width / 2), Math.round(y + height / 2)] });
}
