// A foreign client of the gateway that knows the contract only: every write goes through REST and
// is then repeated, with its request id, through gRPC (or the other way round), so that both doors
// are shown for each method and the repeat is answered with the same resource.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const INCLUDES =
    [path.join(ROOT, 'proto'), '/usr/share/gocode/src/github.com/gogo/googleapis', '/usr/include'];
const PATIENCE_MS = 40_000;
const PAUSE_MS = 100;

function protoFiles(dir) {
  return fs.readdirSync(dir, {withFileTypes: true, recursive: true})
      .filter(entry => entry.isFile() && entry.name.endsWith('.proto'))
      .map(entry => path.relative(dir, path.join(entry.path, entry.name)));
}

function servicesOf(namespace) {
  return (namespace.nestedArray || []).flatMap(
      nested => nested instanceof protobuf.Service ? [nested] : servicesOf(nested));
}

// "ReferralService/SubmitReferral" -> how to call it by either door; of a method that several
// packages have, "placement.AuditService/VerifyAudit". Internal methods have no route.
function loadMethods() {
  const root = new protobuf.Root();
  root.resolvePath = (origin, target) =>
      INCLUDES.map(dir => path.join(dir, target)).find(file => fs.existsSync(file)) ?? null;
  root.loadSync(protoFiles(INCLUDES[0]));
  root.resolveAll();
  const methods = new Map();
  const services = servicesOf(root);
  const nameOf = (service, method) => {
    const alike = services.filter(one => one.name === service.name && one.methods[method.name]);
    const owner = alike.length > 1 ? `${service.fullName.split('.')[2]}.` : '';
    return `${owner}${service.name}/${method.name}`;
  };
  for (const service of services) {
    for (const method of service.methodsArray) {
      const option = (method.parsedOptions || []).find(one => one['(google.api.http)']);
      if (!option) continue;
      const rule = option['(google.api.http)'];
      const verb = ['get', 'post', 'patch', 'put', 'delete'].find(name => rule[name]);
      methods.set(nameOf(service, method), {
        grpcPath: `/${service.fullName.slice(1)}/${method.name}`,
        request: method.resolvedRequestType,
        response: method.resolvedResponseType,
        verb: verb.toUpperCase(),
        route: rule[verb],
      });
    }
  }
  return methods;
}

const snake = text => text.replace(/[A-Z]/g, letter => '_' + letter.toLowerCase());
const camel = text => text.replace(/_([a-z])/g, (whole, letter) => letter.toUpperCase());

function instant(text) {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  return {seconds: Math.floor(Date.parse(text) / 1000), nanos: Number(fraction.padEnd(9, '0'))};
}

// protobufjs leaves an underscore before a digit, JSON has none.
const jsonName = name => name.replace(/_(?=\d)/g, '');

function fieldOf(type, name) {
  const field = type.fieldsArray.find(one => jsonName(one.name) === name);
  assert(field, `${type.name} has no field ${name}`);
  return field;
}

function fieldFromJson(field, value) {
  const type = field.resolvedType;
  if (!(type instanceof protobuf.Type)) return value;
  if (type.fullName === '.google.protobuf.Timestamp') return instant(value);
  if (type.fullName === '.google.protobuf.FieldMask') {
    return {paths: value.split(',').map(one => one.split('.').map(snake).join('.'))};
  }
  return fromJson(type, value);
}

// JSON as REST has it -> what protobufjs makes a message of.
function fromJson(type, json) {
  const out = {};
  for (const [name, value] of Object.entries(json)) {
    const field = fieldOf(type, name);
    if (field.map) out[field.name] = value;
    else if (field.repeated) out[field.name] = value.map(one => fieldFromJson(field, one));
    else out[field.name] = fieldFromJson(field, value);
  }
  return out;
}

// A message in one form, whichever door it came through.
function plain(type, message) {
  return type.toObject(
      message, {enums: String, longs: String, bytes: String, defaults: true, arrays: true});
}

// Of a resource its own ids; other fields may have moved on between two calls.
function idsOf(message) {
  return Object.fromEntries(Object.entries(message).filter(
      ([name, value]) => /Id$/.test(name) && typeof value === 'string'));
}

export class Refused extends Error {
  constructor(method, door, code, text) {
    super(`${method} by ${door}: ${code} ${text}`);
    Object.assign(this, {method, door, code, text});
  }
}

export class Client {
  constructor(state, vardkedja) {
    this.vardkedja = vardkedja;
    this.methods = loadMethods();
    this.shown = {REST: new Set(), gRPC: new Set()};
    this.tokens = new Map();
    this.turn = 0;
    const lines = fs.readFileSync(path.join(state, 'ports.env'), 'utf8').trim().split('\n');
    const ports = Object.fromEntries(lines.map(line => line.split('=')));
    this.http = `http://127.0.0.1:${ports.GATEWAY_HTTP_PORT}`;
    this.channel = new grpc.Client(
        `127.0.0.1:${ports.GATEWAY_GRPC_PORT}`, grpc.credentials.createInsecure());
  }

  close() { this.channel.close(); }

  command(...words) { return execFileSync(this.vardkedja, words, {encoding: 'utf8'}).trim(); }

  token(actor) {
    const key = Object.values(actor).join('/');
    if (!this.tokens.has(key)) {
      const words = ['token', '--unit', actor.unit, '--org', actor.org, '--role', actor.role,
        '--loa', 'substantial', '--ttl', '3h',
        '--sub', `dev-${actor.unit}-${actor.role}${actor.seat ?? ''}`];
      if (actor.seat) words.push('--seat', actor.seat);
      this.tokens.set(key, this.command(...words));
    }
    return this.tokens.get(key);
  }

  method(name) {
    const method = this.methods.get(name);
    assert(method, `the contract has no ${name}`);
    return method;
  }

  // What fetch needs for a call.
  restRequest(actor, name, body) {
    const method = this.method(name);
    const rest = {...body};
    const target = method.route.replace(/\{([a-z_.]+)\}/g, (whole, field) => {
      const value = rest[camel(field)];
      delete rest[camel(field)];
      assert(value !== undefined, `${name} needs ${field}`);
      return encodeURIComponent(value);
    });
    const url = new URL(this.http + target);
    const init = {
      method: method.verb,
      headers: {Authorization: `Bearer ${this.token(actor)}`, 'X-Acting-Unit': actor.unit},
    };
    if (method.verb === 'GET') {
      for (const [field, value] of Object.entries(rest)) {
        for (const one of [value].flat()) url.searchParams.append(field, one);
      }
    } else {
      init.body = JSON.stringify(rest);
      init.headers['Content-Type'] = 'application/json';
    }
    return [url, init];
  }

  async byRest(actor, name, body) {
    const method = this.method(name);
    const reply = await fetch(...this.restRequest(actor, name, body));
    const text = await reply.text();
    if (!reply.ok) throw new Refused(name, 'REST', reply.status, text);
    this.shown.REST.add(name);
    const json = JSON.parse(text);
    return plain(method.response, method.response.fromObject(fromJson(method.response, json)));
  }

  // What grpc-js needs for a call.
  grpcRequest(actor, name, body) {
    const method = this.method(name);
    const metadata = new grpc.Metadata();
    metadata.set('authorization', `Bearer ${this.token(actor)}`);
    metadata.set('x-acting-unit', actor.unit);
    const request = method.request.fromObject(fromJson(method.request, body));
    return [
      method.grpcPath, message => Buffer.from(method.request.encode(message).finish()),
      bytes => method.response.decode(bytes), request, metadata, {deadline: Date.now() + 20_000},
    ];
  }

  byGrpc(actor, name, body) {
    const method = this.method(name);
    return new Promise((resolve, reject) => {
      this.channel.makeUnaryRequest(
          ...this.grpcRequest(actor, name, body), (error, message) => {
            if (error) return reject(new Refused(name, 'gRPC', error.code, error.details));
            this.shown.gRPC.add(name);
            resolve(plain(method.response, message));
          });
    });
  }

  // A file by both doors: its type and its bytes are the same.
  async download(actor, name, body) {
    const reply = await fetch(...this.restRequest(actor, name, body));
    if (!reply.ok) throw new Refused(name, 'REST', reply.status, await reply.text());
    const bytes = Buffer.from(await reply.arrayBuffer());
    this.shown.REST.add(name);
    const parts = await this.itemsByGrpc(actor, name, body);
    const {head} = parts.shift();
    assert.deepEqual(Buffer.concat(parts.map(part => part.data)), bytes);
    assert.equal(reply.headers.get('content-type'), head.mediaType);
    assert.equal(reply.headers.get('content-length'), String(bytes.length));
    return bytes;
  }

  // The first item of a stream of events, by both doors.
  async first(actor, name, body = {}) {
    const method = this.method(name);
    const reply = await fetch(...this.restRequest(actor, name, body));
    if (!reply.ok) throw new Refused(name, 'REST', reply.status, await reply.text());
    let text = '';
    for await (const bytes of reply.body) {
      text += Buffer.from(bytes);
      if (/^data: .*\n\n/m.test(text)) break;
    }
    this.shown.REST.add(name);
    const event = JSON.parse(/^data: (.*)$/m.exec(text)[1]);
    const [item] = await this.itemsByGrpc(actor, name, body, 1);
    assert.deepEqual(Object.keys(plain(method.response, item)).sort(), Object.keys(event).sort());
    return event;
  }

  // All of them, or so many.
  itemsByGrpc(actor, name, body, most = Infinity) {
    return new Promise((resolve, reject) => {
      const items = [];
      const call = this.channel.makeServerStreamRequest(...this.grpcRequest(actor, name, body));
      const done = () => {
        this.shown.gRPC.add(name);
        resolve(items);
      };
      call.on('data', item => {
        items.push(item);
        if (items.length === most) call.cancel();
      });
      call.on('end', done);
      call.on('error', error => {
        if (items.length === most) return done();
        reject(new Refused(name, 'gRPC', error.code, error.details));
      });
    });
  }

  // Both doors, one after the other. A write carries one request id through both.
  async call(actor, name, body = {}) {
    const request = {...body};
    if (this.method(name).request.fields.requestId) request.requestId = randomUUID();
    const doors = [this.byRest, this.byGrpc];
    if (this.turn++ % 2 === 1) doors.reverse();
    const first = await doors[0].call(this, actor, name, request);
    const again = await doors[1].call(this, actor, name, request);
    assert.deepEqual(idsOf(again), idsOf(first), `${name} answered the doors differently`);
    return again;
  }

  // Refused by both doors, for the reason that the problem of REST names.
  async refused(actor, name, body, reason) {
    const request = {...body};
    if (this.method(name).request.fields.requestId) request.requestId = randomUUID();
    for (const door of [this.byRest, this.byGrpc]) {
      const outcome = await door.call(this, actor, name, request).catch(error => error);
      assert(outcome instanceof Refused, `${name} was not refused: ${outcome}`);
      if (outcome.door === 'REST') assert.match(outcome.text, new RegExp(reason), name);
    }
  }

  // Waits for what another service does because of an event.
  async until(what, probe) {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = await probe();
      if (found) return found;
      if (Date.now() > end) throw new Error(`waited in vain for: ${what}`);
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
    }
  }

  notShown() {
    return [...this.methods.keys()].filter(
        name => !(this.shown.REST.has(name) && this.shown.gRPC.has(name)));
  }
}
