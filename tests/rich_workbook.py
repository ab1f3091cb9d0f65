"""A macro workbook with everything that people put beside their data, written by hand.

Chart, picture, shape, pivot, slicer, threaded comment, sparklines, form control, VBA, print
settings, extended validation and conditional format.
"""

from tests.patching import (
    CHART,
    HEAD,
    MAIN,
    OFFICE,
    PACKAGE,
    STYLES,
    X14,
    XDR,
    XM,
    cell,
    relations,
    row,
    worksheet,
)

MS = "http://schemas.microsoft.com/office"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
ROWS = 12
"""The last data row of the sheet 台账."""


def _anchor(tag: str, top: int, bottom: int, inner: str) -> str:
    return (
        f"<xdr:{tag}><xdr:from><xdr:col>6</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{top}"
        f"</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>9</xdr:col><xdr:colOff>0"
        f"</xdr:colOff><xdr:row>{bottom}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>{inner}"
        f"<xdr:clientData/></xdr:{tag}>"
    )


def drawing() -> str:
    """A chart, a picture and a text box."""
    chart = (
        '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="图表 1"/>'
        '<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="'
        f'{CHART}"><c:chart xmlns:c="{CHART}" r:id="rId1"/></a:graphicData></a:graphic>'
        "</xdr:graphicFrame>"
    )
    shape = '<a:xfrm><a:off x="0" y="0"/><a:ext cx="9525" cy="9525"/></a:xfrm>'
    shape += '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    picture = (
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="图片 1"/><xdr:cNvPicPr/></xdr:nvPicPr>'
        '<xdr:blipFill><a:blip r:embed="rId2"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
        f"<xdr:spPr>{shape}</xdr:spPr></xdr:pic>"
    )
    text = (
        '<xdr:sp macro="" textlink="台账!$A$5"><xdr:nvSpPr><xdr:cNvPr id="4" name="文本框 1"/>'
        f"<xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr>{shape}</xdr:spPr><xdr:txBody><a:bodyPr/>"
        "<a:p><a:r><a:t>说明</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    )
    anchors = _anchor("twoCellAnchor", 1, 9, chart) + _anchor("twoCellAnchor", 6, 8, picture)
    anchors += _anchor("twoCellAnchor", 14, 16, text)
    return (
        f'{HEAD}<xdr:wsDr xmlns:xdr="{XDR}" xmlns:a="{A}" xmlns:r="{OFFICE}">{anchors}</xdr:wsDr>'
    )


def chart() -> str:
    """A bar chart over the names and ages."""
    axes = (
        '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        '<c:axPos val="b"/><c:crossAx val="2"/></c:catAx><c:valAx><c:axId val="2"/><c:scaling>'
        '<c:orientation val="minMax"/></c:scaling><c:axPos val="l"/><c:crossAx val="1"/></c:valAx>'
    )
    return (
        f'{HEAD}<c:chartSpace xmlns:c="{CHART}"><c:chart><c:plotArea><c:layout/><c:barChart>'
        '<c:barDir val="col"/><c:ser><c:idx val="0"/><c:order val="0"/><c:cat><c:strRef>'
        f"<c:f>台账!$A$2:$A${ROWS}</c:f></c:strRef></c:cat><c:val><c:numRef>"
        f'<c:f>台账!$B$2:$B${ROWS}</c:f></c:numRef></c:val></c:ser><c:axId val="1"/>'
        f'<c:axId val="2"/></c:barChart>{axes}</c:plotArea></c:chart></c:chartSpace>'
    )


def notes() -> dict[str, str]:
    """A threaded comment with its legacy twin, and the drawing of notes and a check box."""
    person = "{11111111-1111-1111-1111-111111111111}"
    thread = "{22222222-2222-2222-2222-222222222222}"
    space = f"{MS}/spreadsheetml/2018/threadedcomments"
    return {
        "xl/comments1.xml": (
            f'{HEAD}<comments xmlns="{MAIN}"><authors><author>tc={thread}</author></authors>'
            '<commentList><comment ref="C4" authorId="0"><text><t>请核对</t></text></comment>'
            "</commentList></comments>"
        ),
        "xl/threadedComments/threadedComment1.xml": (
            f'{HEAD}<ThreadedComments xmlns="{space}"><threadedComment ref="C4"'
            f' dT="2026-01-05T08:00:00.00" personId="{person}" id="{thread}"><text>请核对</text>'
            "</threadedComment></ThreadedComments>"
        ),
        "xl/persons/person.xml": (
            f'{HEAD}<personList xmlns="{space}"><person displayName="王芳" id="{person}"'
            ' userId="wf" providerId="None"/></personList>'
        ),
        "xl/drawings/vmlDrawing1.vml": (
            '<xml xmlns:v="urn:schemas-microsoft-com:vml"'
            ' xmlns:o="urn:schemas-microsoft-com:office:office"'
            ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
            '<o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shape id="_x0000_s1025"'
            ' type="#_x0000_t202"><x:ClientData ObjectType="Note"><x:Anchor>3, 15, 2, 10, 5, 15,'
            " 6, 4</x:Anchor><x:Row>3</x:Row><x:Column>2</x:Column></x:ClientData></v:shape>"
            '<v:shape id="_x0000_s1026" type="#_x0000_t201"><x:ClientData ObjectType="Checkbox">'
            "<x:Anchor>5, 0, 9, 0, 6, 0, 10, 0</x:Anchor><x:FmlaLink>$F$10</x:FmlaLink>"
            "</x:ClientData></v:shape></xml>"
        ),
        "xl/ctrlProps/ctrlProp1.xml": (
            f'{HEAD}<formControlPr xmlns="{X14}" objectType="CheckBox" fmlaLink="$F$10"/>'
        ),
    }


def pivot() -> dict[str, str]:
    """A pivot table on the sheet 汇总 over the ledger, with a slicer."""
    return {
        "xl/pivotCache/pivotCacheDefinition1.xml": (
            f'{HEAD}<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="rId1"'
            f' refreshOnLoad="1" recordCount="0"><cacheSource type="worksheet"><worksheetSource'
            f' ref="A1:C{ROWS}" sheet="台账"/></cacheSource><cacheFields count="3"><cacheField'
            ' name="姓名" numFmtId="0"><sharedItems/></cacheField><cacheField name="年龄"'
            ' numFmtId="0"><sharedItems/></cacheField><cacheField name="网格" numFmtId="0">'
            "<sharedItems/></cacheField></cacheFields></pivotCacheDefinition>"
        ),
        "xl/pivotCache/pivotCacheRecords1.xml": (
            f'{HEAD}<pivotCacheRecords xmlns="{MAIN}" count="0"/>'
        ),
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": relations(
            ("rId1", "pivotCacheRecords", "pivotCacheRecords1.xml")
        ),
        "xl/pivotTables/pivotTable1.xml": (
            f'{HEAD}<pivotTableDefinition xmlns="{MAIN}" name="透视表1" cacheId="1"'
            ' dataCaption="值"><location ref="A3:B8" firstHeaderRow="1" firstDataRow="1"'
            ' firstDataCol="1"/><pivotFields count="3"><pivotField showAll="0"/><pivotField'
            ' showAll="0"/><pivotField showAll="0"/></pivotFields></pivotTableDefinition>'
        ),
        "xl/pivotTables/_rels/pivotTable1.xml.rels": relations(
            ("rId1", "pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
        ),
        "xl/slicers/slicer1.xml": (
            f'{HEAD}<slicers xmlns="{X14}"><slicer name="网格" cache="切片器_网格" rowHeight="1"/>'
            "</slicers>"
        ),
        "xl/slicerCaches/slicerCache1.xml": (
            f'{HEAD}<slicerCacheDefinition xmlns="{X14}" name="切片器_网格" sourceName="网格">'
            '<pivotTables><pivotTable tabId="2" name="透视表1"/></pivotTables><data><tabular'
            ' pivotCacheId="1"><items count="0"/></tabular></data></slicerCacheDefinition>'
        ),
        "xl/worksheets/_rels/sheet2.xml.rels": relations(
            ("rId1", "pivotTable", "../pivotTables/pivotTable1.xml"),
            ("rId2", f"{MS}/2007/relationships/slicer", "../slicers/slicer1.xml"),
        ),
    }


def ledger_sheet() -> str:
    """The sheet 台账 with everything around its cells."""
    rows = row(1, "姓名", "年龄", "网格")
    for number in range(2, ROWS + 1):
        rows += (
            f'<row r="{number}" spans="1:5">{cell(f"A{number}", f"居民{number}", 1)}'
            f"{cell(f'B{number}', 20 + number)}{cell(f'C{number}', '第一网格')}"
            f'<c r="E{number}" s="4"><f>B{number}*2</f><v>{40 + 2 * number}</v></c></row>'
        )
    anchor = "<xdr:col>5</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{}</xdr:row>"
    anchor += "<xdr:rowOff>0</xdr:rowOff>"
    control = (
        f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="x14"><controls>'
        '<control shapeId="1026" r:id="rId5" name="复选框 1"><controlPr defaultSize="0">'
        f'<anchor moveWithCells="1"><from xmlns:xdr="{XDR}">{anchor.format(9)}</from>'
        f'<to xmlns:xdr="{XDR}">{anchor.format(10)}</to></anchor></controlPr></control></controls>'
        "</mc:Choice></mc:AlternateContent>"
    )
    extension = (
        f'<extLst><ext xmlns:x14="{X14}" uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}">'
        f'<x14:sparklineGroups xmlns:xm="{XM}"><x14:sparklineGroup><x14:sparklines>'
        "<x14:sparkline><xm:f>台账!B2:C2</xm:f><xm:sqref>D2</xm:sqref></x14:sparkline>"
        "<x14:sparkline><xm:f>台账!B9:C9</xm:f><xm:sqref>D9</xm:sqref></x14:sparkline>"
        "</x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext>"
        f'<ext xmlns:x14="{X14}" uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}">'
        f'<x14:dataValidations xmlns:xm="{XM}" count="1"><x14:dataValidation type="list">'
        f"<x14:formula1><xm:f>汇总!$E$1:$E$3</xm:f></x14:formula1><xm:sqref>C2:C{ROWS}</xm:sqref>"
        "</x14:dataValidation></x14:dataValidations></ext></extLst>"
    )
    tail = (
        f'<autoFilter ref="A1:E{ROWS}"/><conditionalFormatting sqref="B2:B{ROWS}"><cfRule'
        ' type="cellIs" priority="1" operator="greaterThan"><formula>$B$2</formula></cfRule>'
        f'</conditionalFormatting><hyperlinks><hyperlink ref="A7" location="汇总!A1"/></hyperlinks>'
        '<pageMargins left="0.7" right="0.7" top="0.7" bottom="0.7" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" r:id="rId4"/>'
        f'<drawing r:id="rId1"/><legacyDrawing r:id="rId2"/>{control}{extension}'
    )
    return worksheet(rows, f'<dimension ref="A1:E{ROWS}"/>', tail)


def rich_parts() -> dict[str, str | bytes]:
    """All parts of the workbook."""
    names = (
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">台账!$A$1:$E${ROWS}'
        f'</definedName><definedName name="_xlnm.Print_Area" localSheetId="0">台账!$A$1:$E${ROWS}'
        '</definedName><definedName name="_xlnm.Print_Titles" localSheetId="0">台账!$1:$1'
        "</definedName>"
    )
    slicers = (
        f'<extLst><ext xmlns:x14="{X14}" uri="{{BBE1A952-AA13-448e-AADC-164F8A28A991}}">'
        '<x14:slicerCaches><x14:slicerCache r:id="rId8"/></x14:slicerCaches></ext></extLst>'
    )
    summary = '<row r="1"><c r="A1"><f>SUM(台账!B2:B12)</f><v>0</v></c></row>'
    slicer_list = (
        f'<extLst><ext xmlns:x14="{X14}" uri="{{A8765BA9-456A-4dab-B4F3-ACF838C121DE}}">'
        '<x14:slicerList><x14:slicer r:id="rId2"/></x14:slicerList></ext></extLst>'
    )
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
            '<workbookPr codeName="ThisWorkbook"/>'
            '<sheets><sheet name="台账" sheetId="1" r:id="rId1"/><sheet name="汇总" sheetId="2"'
            f' r:id="rId2"/></sheets><definedNames>{names}</definedNames><pivotCaches><pivotCache'
            f' cacheId="1" r:id="rId7"/></pivotCaches>{slicers}</workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "worksheet", "worksheets/sheet2.xml"),
            ("rId3", "styles", "styles.xml"),
            ("rId4", f"{MS}/2006/relationships/vbaProject", "vbaProject.bin"),
            ("rId5", f"{MS}/2017/10/relationships/person", "persons/person.xml"),
            ("rId7", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"),
            ("rId8", f"{MS}/2007/relationships/slicerCache", "slicerCaches/slicerCache1.xml"),
        ),
        "xl/styles.xml": STYLES,
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(range(256)) * 8,
        "xl/printerSettings/printerSettings1.bin": bytes(range(255, -1, -1)),
        "xl/media/image1.png": PNG,
        "xl/worksheets/sheet1.xml": ledger_sheet(),
        "xl/worksheets/sheet2.xml": worksheet(summary, tail=slicer_list),
        "xl/worksheets/_rels/sheet1.xml.rels": relations(
            ("rId1", "drawing", "../drawings/drawing1.xml"),
            ("rId2", "vmlDrawing", "../drawings/vmlDrawing1.vml"),
            ("rId3", "comments", "../comments1.xml"),
            ("rId4", "printerSettings", "../printerSettings/printerSettings1.bin"),
            ("rId5", "ctrlProp", "../ctrlProps/ctrlProp1.xml"),
            (
                "rId6",
                f"{MS}/2017/10/relationships/threadedComment",
                "../threadedComments/threadedComment1.xml",
            ),
        ),
        "xl/drawings/drawing1.xml": drawing(),
        "xl/drawings/_rels/drawing1.xml.rels": relations(
            ("rId1", "chart", "../charts/chart1.xml"), ("rId2", "image", "../media/image1.png")
        ),
        "xl/charts/chart1.xml": chart(),
        **notes(),
        **pivot(),
    }


def _content_types() -> str:
    sheet_ml = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    kinds = {
        "workbook.xml": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        "worksheets/sheet1.xml": f"{sheet_ml}.worksheet+xml",
        "worksheets/sheet2.xml": f"{sheet_ml}.worksheet+xml",
        "styles.xml": f"{sheet_ml}.styles+xml",
        "comments1.xml": f"{sheet_ml}.comments+xml",
        "drawings/drawing1.xml": "application/vnd.openxmlformats-officedocument.drawing+xml",
        "charts/chart1.xml": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
        "pivotCache/pivotCacheDefinition1.xml": f"{sheet_ml}.pivotCacheDefinition+xml",
        "pivotCache/pivotCacheRecords1.xml": f"{sheet_ml}.pivotCacheRecords+xml",
        "pivotTables/pivotTable1.xml": f"{sheet_ml}.pivotTable+xml",
        "slicers/slicer1.xml": "application/vnd.ms-excel.slicer+xml",
        "slicerCaches/slicerCache1.xml": "application/vnd.ms-excel.slicerCache+xml",
        "threadedComments/threadedComment1.xml": "application/vnd.ms-excel.threadedcomments+xml",
        "persons/person.xml": "application/vnd.ms-excel.person+xml",
        "ctrlProps/ctrlProp1.xml": "application/vnd.ms-excel.controlproperties+xml",
        "printerSettings/printerSettings1.bin": f"{sheet_ml}.printerSettings",
    }
    items = "".join(
        f'<Override PartName="/xl/{name}" ContentType="{kind}"/>' for name, kind in kinds.items()
    )
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="bin"'
        ' ContentType="application/vnd.ms-office.vbaProject"/><Default Extension="png"'
        ' ContentType="image/png"/><Default Extension="vml" ContentType="application/'
        'vnd.openxmlformats-officedocument.vmlDrawing"/><Default Extension="xml"'
        f' ContentType="application/xml"/>{items}</Types>'
    )
