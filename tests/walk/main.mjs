// node main.mjs STATE VARDKEDJA: walks through the whole contract on the running suite of STATE.
import {Calendar, ekelidenSeat} from './cast.mjs';
import {Client} from './client.mjs';
import {eraseAtLast, readTheTrails, reroute, whoHasRead} from './closing.mjs';
import {lifeHappens, splitUnit} from './family.mjs';
import {walkMessages, walkReports} from './others.mjs';
import {walkPlacement} from './placement.mjs';
import {endGround, walkReferral} from './referral.mjs';

const [state, vardkedja] = process.argv.slice(2);
const client = new Client(state, vardkedja);
try {
  const calendar = new Calendar(client);
  const {one, closed} = await walkReferral(client, calendar);
  await reroute(client);
  await lifeHappens(client, calendar);
  await splitUnit(client);
  await walkMessages(client, one);
  await walkPlacement(client, calendar, one);
  await walkReports(client, calendar);
  const now = await client.first(ekelidenSeat, 'AvailabilityService/WatchAvailability');
  if (now.kind !== 'AVAILABILITY_UPDATE_KIND_SNAPSHOT') throw new Error(`first came ${now.kind}`);
  await whoHasRead(client, one);
  await endGround(client, one);
  await readTheTrails(client);
  await eraseAtLast(client, calendar, closed);
  const missing = client.notShown();
  if (missing.length > 0) throw new Error(`not shown by both doors: ${missing.join(', ')}`);
  console.log(`${client.methods.size} methods of the contract shown by REST and gRPC`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  client.close();
}
