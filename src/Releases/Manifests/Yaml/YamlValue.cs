namespace Releases;

/// <summary>Represents a value of a YAML document and its position.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Size">The number of values that it consists of, including itself, with every alias counted in full.</param>
/// <param name="Depth">The number of its levels, with aliases followed; 1 for a scalar.</param>
internal abstract record YamlValue(int Line, int Column, int Size, int Depth);

/// <summary>Represents a text, number or Boolean.</summary>
internal sealed record YamlScalar(string Text, bool Plain, int Line, int Column) : YamlValue(Line, Column, 1, 1)
{
    /// <summary>Whether it means that there is no value, as if its key were missing.</summary>
    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>Represents a sequence.</summary>
internal sealed record YamlList(IReadOnlyList<YamlValue> Items, int Line, int Column, int Size, int Depth)
    : YamlValue(Line, Column, Size, Depth);

/// <summary>Represents a mapping, whose keys are unique texts.</summary>
internal sealed record YamlMap(IReadOnlyList<YamlEntry> Entries, int Line, int Column, int Size, int Depth)
    : YamlValue(Line, Column, Size, Depth);

/// <summary>Represents a key and its value.</summary>
internal sealed record YamlEntry(YamlScalar Key, YamlValue Value);
