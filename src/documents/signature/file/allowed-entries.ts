const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Entries of dictionaries that a page to be printed has a use for (ISO 32000-1, the tables of 7 to 14). */
export const ALLOWED_ENTRIES = words(`
  Type Subtype Parent Pages Kids Count MediaBox CropBox BleedBox TrimBox ArtBox Rotate UserUnit Contents
  Resources ProcSet Font XObject ColorSpace ExtGState Pattern Shading Annots Group Lang Names Dests
  ViewerPreferences DisplayDocTitle Direction PrintScaling Metadata AcroForm Version PageLayout PageMode
  OutputIntents OutputConditionIdentifier OutputCondition RegistryName Info DestOutputProfile
  Length length Filter DecodeParms Predictor Colors Columns BitsPerComponent
  Width Height ImageMask Mask SMask Matte Decode Interpolate Intent BBox Matrix FormType S CS I K
  N Alternate Range Domain FunctionType Functions Bounds Encode C0 C1 Size BitsPerSample Order
  PatternType PaintType TilingType XStep YStep ShadingType Coords Extend Background Function
  CA ca BM AIS LW LC LJ ML D SA OP op OPM TK TR TR2 HT
  BaseFont Encoding DescendantFonts ToUnicode FirstChar LastChar Widths FontDescriptor BaseEncoding Differences
  CIDSystemInfo Registry Ordering Supplement W DW W2 DW2 CIDToGIDMap FontName FontFamily FontStretch
  FontWeight Flags FontBBox ItalicAngle Ascent Descent Leading CapHeight XHeight StemV StemH AvgWidth MaxWidth
  MissingWidth FontFile FontFile2 FontFile3 CharSet CIDSet Length1 Length2 Length3
  Fields SigFlags DR DA FT Rect V T F P MK AP NM
  SubFilter ByteRange Reason M ContactInfo Name Location Prop_Build App
  Title Author Subject Keywords Creator Producer CreationDate ModDate Trapped
`);

/** Of dictionaries under these the entries are names that the file gives its own things. */
export const NAMING_ENTRIES = words('Font XObject ColorSpace ExtGState Pattern Shading');

/** Entries and values that do something, hide something or bring something from elsewhere. */
export const ACTIVE_NAMES = words(`
  OpenAction AA A JS JavaScript Launch URI GoTo GoToR GoToE SubmitForm ResetForm ImportData Hide Named
  Thread Sound Movie Rendition Trans SetOCGState GoTo3DView RichMedia RichMediaContent Screen 3D 3DD
  EmbeddedFile EmbeddedFiles EF AF Filespec FileAttachment Collection XFA PS Link Popup
  OC OCG OCMD OCProperties Properties Alternates Requirements Perms Legal
`);

/** What a stream says where its bytes lie in another file (ISO 32000-1, 7.3.8.2 and 8.10.4). */
export const EXTERNAL_ENTRIES = words('F FFilter FDecodeParms Ref OPI');

export const ALLOWED_TYPES = words(`
  Page Pages Catalog Font FontDescriptor XObject ExtGState Annot Sig AcroForm Metadata Group Pattern OutputIntent
  Mask Encoding Halftone
`);
export const ALLOWED_SUBTYPES = words(`
  Type0 Type1 MMType1 TrueType CIDFontType0 CIDFontType2 Type1C CIDFontType0C OpenType Image Form Widget XML
`);
/** Groups are transparent; output intents are for archives or for print. */
export const ALLOWED_STYLES = words('Transparency GTS_PDFA1 GTS_PDFX Alpha Luminosity');
export const ALLOWED_IN_TRAILER = words('Size Root Info ID Prev');
