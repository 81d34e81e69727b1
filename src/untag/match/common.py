"""Words that source code and logs are full of, as far as they share five letters with the lexicon.

Counted in 72 MB of installed packages and a service's log; a word that lies inside another one is
left out. `untag.match.scout` looks for no piece of a term that one of them holds: the list decides
how fast a scan is, never what it finds.
"""

from __future__ import annotations

from typing import Final

WORDS: Final = """
    abstractmethod accessed accessible account accumulate accuracy ackermann actionresult activate additionalproperties
    addresses admissions affiliates affine alarm alert algorithmidentifier aligned aligninbits alignment allocated
    allocation allocator alternatively ambiguous analyse analysis analyze ancestor andaes animation annotated
    annotations another anything appconfig appears applications approximate approximation arabic arange argmap argparse
    arguments arithmetic ascent asidentifiers asidorrange assertions assertisinstance assertissubclass
    assertnotisinstance assignment association assuming assumptions atomic attributeerror attributes attrname
    augmentation augmented authentication authority authorization automatically availability available awaitable
    background backwards based basemodel behavior behaviour beta bgcolor binaryoperation binascii binder bindings binned
    bipartite black blank braces branchfree branchprobability buffering button bygroups caching calculated calculation
    camera candidates cannot canonicalize capabilities cartesian catalog categories category centered certid
    certificates certstatus certtemplate cgroup challenge changelog changes changing characters chinese christian
    classmethod classname classof classvar cloudformationsystemtags coefficients cognito collected collections collector
    colors combinations combinatorics comes communities commutative comparing compatibility compilation complement
    completed completely completer completion complexes complexregion compliance composite comprehend compression
    computation concatenation conditional conditions confidence configitem configs configurable configurations
    configured confirm connected connections connectivity consistent constants constraints construction containing
    contentinfo contents contiguous continuation contraction contravariant contributors convenience convention
    conversion converted converters converting converts correction correlation corresponding corresponds counted
    countrylist counts covariant creating creation credentials creole critical crossed cryptography csgraph ctypes
    cumulative currentidx customers daniel dark dataclasses datatypes declarations decomposition decorators dedent
    deferred defineproperty defines defining definite definitions degrees delimited delimiter denominator dependencies
    dependency depending deprecationwarning derivatives described describes describing descriptors destinations detected
    detections detector determinant determined determines deviation diagnostics dictionaries dictionary dicts
    diexpression differences differencetype differential dimensions directories directory dirname disclaimer discope
    discriminator dispatchable displayed displays disposition distance distinct distributed distributions doactions
    documentation documents dokument drivers dtypes duplicates duration dynamically easier eastern editable eigenvalues
    eigenvectors elementary encountered endian engine entries enumeration environment equality equation errstate
    especially essentially estimate evaluation everything exceptions exchange executable existing experimental
    expiration explanation explicitly exported expressions extended extensions extracted extras factorial faster
    feasible features filenames filtered filtering filters filterwarnings finder finding finiteset first fitness
    fixturesdir flag flatten floatingpointerror floats folder foreground formal formatter forwarditerator foundation
    fractional fragments frequency from functionality functiondefinition gather gaussian generalizedtime generally
    generalstring generated generates generating generation generators genericalias generics gens getattribute getname
    getvalue gradient granted graphql graphs guaranteed guess guest head henningsen hermitian hessian higher highlighted
    highlighting holonomicfunction home hostname human identical identified identify identities identity illegal
    imageset imaginary immutabledensendimarray implementations implementing implicitly important imported importerror
    incompatible incomplete incrementaldecoder incrementalencoder indentation independent indexed indexerror indexes
    indexing indexof indicated indicates indicating indicator indices individual inference inferred infinite infinity
    information inheritance inherited inherits initialization inline inplace inputiterator insertions inspector
    installation instanceid instances instantiate instead instructioncost integrality integration intended interactive
    interfaces intermediate internally internet interpolate interpolation interpreted interpreter interrupted
    intersection intervalmap intervals invalidate inverted invocation ipaddressfamily ipaddressorrange isfinite
    isfunction isolated italic iterations iteratorl iteratorr iterators itname jordan jsonschema kerning
    keyboardinterrupt kinesis klass labels labor languagelist laplace latin latter liability libdivide licensed licenses
    likely limitations linearoperator listed listeners listing localhost locals locations logical looking looks loss
    lowerbound lvalue machinefunction machineinstrbuilder machinememoperand machinery machinestate mandatory mappings
    markers master matchtable mathematical matrices maxresults mcfragment meaning mechanism medium membership
    merchantability metaclass methods microseconds microsoft middle milliseconds mimetypes minor mixed models
    modification modifiers more most movedattribute multibyte multicast multidigraph multidimensional multigraph
    multiline multipart multiple multiplication multiply mutablemapping myclass myobject naga namespaces ndimage
    nodiscard noncentral nonlocal nonnegative normalization normalized normally northern notafter nothing notification
    notimplementederror numbers numerator numerically objects observability observations observed opcodes opentelemetry
    operating operations operators optimization optionally options optparse ordering organizations original orthogonal
    othername others otherwise outputiterator outputs overflowerror overlapping ownership pagination paragraph parens
    parenthesize parents parsed parseexception parserelement parseresults partial particular partitions passes
    patternproperties patterns people percent permissions permutations person pkipublicationinfo pkistatus placeholder
    pluginmanager pointers policies polynomials popularity populate population positional positions positive possibly
    potentially precedence predicate preferred prefixes preserved primaryidentifier printablestring printer priority
    probably procedure processes processing processor profession profiles prospective protected protection prototype
    provided providers provides providing publickey published punctuation pvalue pycparser pygments pyobject pyparsing
    pytester pythreadstate pytypeobject qualname quantifier quantile quantity quechua raisesgroup randint randomstate
    ranges rather rational ravel receiptrequest received receiver recipientencryptedkey recipientinfo recognizer
    recurrence redirection redistribute reduction redundant referenced referenceframe references referencing referrer
    refers refine regions registered registers registry regression regular rejected related relational relative
    remainder remaining remember renderables renderer rendering renegotiation replaceable replaced replacement replaces
    replication reported reporting reports repository representation represented representing requested requests
    residual resolved respectively responsible restriction resulting retries returning revocationinfochoice rotation
    runtimewarning rvalue scalars scaled scheduled schemas schemes scores screen sdvalue searching secitem secstatus
    sections securitygroup segments selected selection selectors sender sending sensitivity sentinel separators
    sequencenumber sequences serialization serialnumber servers session setstate shade shortdescription signatures
    signerinfo significant singular skipping slave slightly smallvectorimpl solutionstackname something sorts southern
    sparsematrix specifically specifications specifierset spectral spherical stability stable standards stateless
    statements statespace staticmethod statistics stepfunctions stopiteration strategies strategy structures stylesheet
    subclasses subgraph subject subprocess suitable supporting supportsindex suppose sympyexpression sysconfig
    tagupdatable templates tensorindextype terminal terminated termination tested testing testname
    tgtinstructionselector their they things this tkinter tokenize tolerance tolowercase trader traits transaction
    transferfunctionmatrix transformation transition translated translation triangles triangular ttype typename typeshed
    typically ulong uname unchanged uncompressed undefined undirected undocumented unexpected unions uniontype
    uniqueitems universalstring unprocessed unreachable unrecognized unsupported updating uppercase urlaction usearch
    username utilities utility validated validationerror validators valued valueerror valuetype variance variantlist
    variants variation vectorized verbosity verification verifier versionadded versionchanged versions vertical view
    violation visibility visible visited visitors warranties weighted western what where which whitespace wild wintypes
    workaround workers wrapping writable writes xlabel xrange xrmvalueptr xsltinternals xtpointer ylabel zapotec
    zerodivisionerror
"""
"""Each at least sixty times; separated by white space."""

FREQUENT: Final = """
    analysis angle annotation annotations attr attribute background backward based behavior beta bins blank branch card
    category central certificate class classes code codes color colors comes convert country cross customer customers
    dark defined degrees describe detect detection detections determine dict driver drivers east enum face family
    feature features filter first flag floating free from group groups guess head home identity image index label labels
    latin license light like list local location long look lower mapping medium member members model models more most
    multi name names native number origin other output place population pred prefix probability profile recognize region
    register related result scale search selector shade skin sort state status style subject support their they this
    tone traits type types union upper user value view visitor visitors warning west what where which white worker
    workers
"""
"""Words of the lexicon's compounds that stand alone, or as a part of an identifier, more than once in 200 kB."""
