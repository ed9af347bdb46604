using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Releases;

/// <summary>Writes values as the text of a YAML document, aliases resolved.</summary>
internal static class YamlText
{
    public static string Of(YamlValue value)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart());
        Write(value, emitter);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Write(YamlValue value, Emitter emitter)
    {
        switch (value)
        {
            case YamlScalar scalar:
                // What was quoted stays quoted: "1" is a text and 1 is a number.
                emitter.Emit(new Scalar(
                    AnchorName.Empty, TagName.Empty, scalar.Text, scalar.Plain ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted, scalar.Plain, !scalar.Plain));
                break;
            case YamlList list:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
                foreach (var item in list.Items) Write(item, emitter);
                emitter.Emit(new SequenceEnd());
                break;
            case YamlMap map:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
                foreach (var (key, entry) in map.Entries)
                {
                    Write(key, emitter);
                    Write(entry, emitter);
                }

                emitter.Emit(new MappingEnd());
                break;
        }
    }
}
