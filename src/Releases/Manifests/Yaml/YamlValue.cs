namespace Releases;

/// <summary>A value of a YAML document and its place in it.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Size">How many values it is made of, itself included, every alias counted in full.</param>
/// <param name="Depth">How many levels it has, aliases followed; 1 for a scalar.</param>
internal abstract record YamlValue(int Line, int Column, int Size, int Depth);

/// <summary>A text, number or truth value.</summary>
internal sealed record YamlScalar(string Text, bool Plain, int Line, int Column) : YamlValue(Line, Column, 1, 1)
{
    /// <summary>Whether it means that there is no value, as if its key were missing.</summary>
    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A sequence.</summary>
internal sealed record YamlList(IReadOnlyList<YamlValue> Items, int Line, int Column, int Size, int Depth)
    : YamlValue(Line, Column, Size, Depth);

/// <summary>A mapping; its keys are texts and differ.</summary>
internal sealed record YamlMap(IReadOnlyList<YamlEntry> Entries, int Line, int Column, int Size, int Depth)
    : YamlValue(Line, Column, Size, Depth);

/// <summary>A key and its value.</summary>
internal sealed record YamlEntry(YamlScalar Key, YamlValue Value);
