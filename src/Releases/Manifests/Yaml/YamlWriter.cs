using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Releases;

/// <summary>Writes values as a YAML document, with aliases resolved.</summary>
internal static class YamlWriter
{
    public static string Write(YamlValue value)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart());
        Emit(value, emitter);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Emit(YamlValue value, Emitter emitter)
    {
        switch (value)
        {
            case YamlScalar scalar:
                // Quotes are kept: "1" is a text and 1 is a number.
                emitter.Emit(new Scalar(
                    AnchorName.Empty, TagName.Empty, scalar.Text, scalar.Plain ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted,
                    scalar.Plain, !scalar.Plain));
                break;
            case YamlList list:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
                foreach (var item in list.Items) Emit(item, emitter);
                emitter.Emit(new SequenceEnd());
                break;
            case YamlMap map:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
                foreach (var (key, entry) in map.Entries)
                {
                    Emit(key, emitter);
                    Emit(entry, emitter);
                }

                emitter.Emit(new MappingEnd());
                break;
        }
    }
}
