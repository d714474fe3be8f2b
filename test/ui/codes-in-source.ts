import { join, relative } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '../..');

/** Where codes of faults are born, and under which names they are handed on there. */
const AREAS: readonly (readonly [files: RegExp, names: readonly string[]])[] = [
  [/^src\/issuance\//, ['faultCode', 'code', 'errorCode']],
  [/^src\/devices\//, ['reason', 'reasons', 'code']],
  // Of the simulated cabinet only its end of the line speaks to drivers.
  [/^drivers\/(?!cabinet\/(?!socket\.ts))/, ['reason', 'reasons', 'code', 'errorCode']],
];
/** A text for the people of a command line has spaces. */
const CODE = /^[a-z][A-Za-z0-9]*(\.[A-Za-z0-9+*-]+)*$/;

export interface CodesInSource {
  /** Each code with the place that gives it first. */
  readonly codes: ReadonlyMap<string, string>;
  /** The members of an exported union of words, or of errors told apart by their `kind`. */
  kindsOf(path: string, name: string): readonly string[];
}

/**
 * The codes that issuance, devices and drivers write down: what the compiler knows of every property and argument
 * of one of those names. A part that is known at run time alone, as in `heldBy.<holder>`, stands as `*`; a whole
 * one is born elsewhere, and gathered there.
 */
export function codesInSource(): CodesInSource {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) =>
    ts.sys.readFile(file),
  ) as {
    config: object;
  };
  const include = ['src/issuance', 'src/devices', 'drivers'];
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    { ...config, include, exclude: [] },
    ts.sys,
    root,
  );
  const program = ts.createProgram(fileNames, options);
  const reader = new CodeReader(program.getTypeChecker());
  const codes = new Map<string, string>();
  for (const file of program.getSourceFiles()) {
    const path = relative(root, file.fileName);
    const names = AREAS.find(([files]) => files.test(path))?.[1];
    for (const handed of names === undefined ? [] : reader.handedOn(file, names)) {
      const { line } = file.getLineAndCharacterOfPosition(handed.getStart(file));
      for (const code of reader.codesOf(handed)) {
        if (CODE.test(code) && !codes.has(code)) codes.set(code, `${path}:${line + 1}`);
      }
    }
  }
  const kindsOf = (path: string, name: string): readonly string[] => {
    const file = program.getSourceFile(join(root, path));
    return file === undefined ? [] : reader.kindsOf(file, name);
  };
  return { codes, kindsOf };
}

const isOneOf = (name: ts.Node, names: readonly string[]): boolean =>
  ts.isIdentifier(name) && names.includes(name.text);

class CodeReader {
  readonly #types: ts.TypeChecker;
  readonly #read = new Map<ts.Node, readonly string[]>();

  constructor(types: ts.TypeChecker) {
    this.#types = types;
  }

  kindsOf(file: ts.SourceFile, name: string): readonly string[] {
    const module = this.#types.getSymbolAtLocation(file);
    const exported = module === undefined ? [] : this.#types.getExportsOfModule(module);
    return exported
      .filter((symbol) => symbol.name === name)
      .map((symbol) => this.#types.getDeclaredTypeOfSymbol(symbol))
      .flatMap((type) => (type.isUnion() ? type.types : [type]))
      .map((type) => [type, type.getProperty('kind')] as const)
      .flatMap(([type, kind]) =>
        this.#literals(kind === undefined ? type : this.#types.getTypeOfSymbol(kind)),
      );
  }

  /** Every expression that becomes a property or an argument of one of these names. */
  handedOn(within: ts.Node, names: readonly string[]): readonly ts.Expression[] {
    const own: ts.Expression[] = [];
    if (ts.isPropertyAssignment(within) && isOneOf(within.name, names)) {
      own.push(within.initializer);
    }
    if (ts.isShorthandPropertyAssignment(within) && isOneOf(within.name, names)) {
      own.push(within.name);
    }
    if (ts.isCallExpression(within)) own.push(...this.#argumentsOf(within, names));
    ts.forEachChild(within, (child) => void own.push(...this.handedOn(child, names)));
    return own;
  }

  #argumentsOf(call: ts.CallExpression, names: readonly string[]): readonly ts.Expression[] {
    const { expression, arguments: given } = call;
    if (ts.isPropertyAccessExpression(expression) && expression.name.text === 'push') {
      return isOneOf(expression.expression, names) ? given : [];
    }
    const parameters = this.#functionOf(call)?.parameters ?? [];
    return given.filter((_, at) => {
      const name = parameters[at]?.name;
      return name !== undefined && isOneOf(name, names);
    });
  }

  codesOf(node: ts.Expression): readonly string[] {
    const known = this.#read.get(node);
    if (known !== undefined) return known;
    // Against a function that calls itself.
    this.#read.set(node, []);
    const codes = this.#written(node) ?? this.#literals(this.#types.getTypeAtLocation(node));
    const read = codes.length === 0 ? this.#followed(node) : codes;
    this.#read.set(node, read);
    return read;
  }

  /** null: it is not put together here. */
  #written(node: ts.Expression): readonly string[] | null {
    const all = (...parts: readonly ts.Expression[]) => parts.flatMap((part) => this.codesOf(part));
    if (ts.isConditionalExpression(node)) return all(node.whenTrue, node.whenFalse);
    if (ts.isArrayLiteralExpression(node)) return all(...node.elements);
    if (ts.isSpreadElement(node) || ts.isParenthesizedExpression(node)) return all(node.expression);
    if (ts.isBinaryExpression(node)) return all(node.left, node.right);
    if (!ts.isTemplateExpression(node)) return null;
    return node.templateSpans.reduce<readonly string[]>(
      (beginnings, { expression, literal }) => {
        const parts = this.codesOf(expression);
        return beginnings.flatMap((beginning) =>
          (parts.length === 0 ? ['*'] : parts).map((part) => beginning + part + literal.text),
        );
      },
      [node.head.text],
    );
  }

  #literals(type: ts.Type): readonly string[] {
    if (type.isStringLiteral()) return [type.value];
    if (type.isUnion()) return type.types.flatMap((one) => this.#literals(one));
    return this.#types.isArrayType(type) || this.#types.isTupleType(type)
      ? this.#types.getTypeArguments(type as ts.TypeReference).flatMap((one) => this.#literals(one))
      : [];
  }

  /** Of a mere `string`: what the variable began with, or what the function gives back. */
  #followed(node: ts.Expression): readonly string[] {
    if (ts.isIdentifier(node)) {
      const symbol = ts.isShorthandPropertyAssignment(node.parent)
        ? this.#types.getShorthandAssignmentValueSymbol(node.parent)
        : this.#types.getSymbolAtLocation(node);
      const declared = symbol?.valueDeclaration;
      const from = declared !== undefined && ts.isVariableDeclaration(declared) ? declared : null;
      return from?.initializer === undefined ? [] : this.codesOf(from.initializer);
    }
    const body = ts.isCallExpression(node) ? this.#functionOf(node)?.body : undefined;
    if (body === undefined) return [];
    return ts.isBlock(body) ? this.#returned(body) : this.codesOf(body);
  }

  #returned(within: ts.Node): readonly string[] {
    const codes: string[] = [];
    ts.forEachChild(within, (child) => {
      if (ts.isFunctionLike(child)) return;
      const given = ts.isReturnStatement(child) ? child.expression : undefined;
      codes.push(...(given === undefined ? this.#returned(child) : this.codesOf(given)));
    });
    return codes;
  }

  #functionOf({ expression }: ts.CallExpression): ts.FunctionLikeDeclaration | null {
    const called = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
    const symbol = this.#types.getSymbolAtLocation(called);
    const isImported = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    const declared = (isImported ? this.#types.getAliasedSymbol(symbol) : symbol)?.valueDeclaration;
    if (declared === undefined) return null;
    const value = ts.isVariableDeclaration(declared) ? declared.initializer : declared;
    const isFunction =
      value !== undefined &&
      (ts.isFunctionDeclaration(value) ||
        ts.isMethodDeclaration(value) ||
        ts.isArrowFunction(value));
    return isFunction ? value : null;
  }
}
