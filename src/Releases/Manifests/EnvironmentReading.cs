namespace Releases;

/// <summary>Reads <c>environment</c>: a list of <c>KEY</c>, <c>KEY=default</c> and <c>*</c>.</summary>
internal static class EnvironmentReading
{
    public static IReadOnlyList<EnvironmentDeclaration> Read(YamlValue? value, Findings findings)
    {
        if (value is null) return [];
        if (value is not YamlList list)
        {
            findings.Error(value, "'environment' has to be a list.", "Write each variable as '- KEY' (required) or '- KEY=default'.");
            return [];
        }

        var declared = new List<EnvironmentDeclaration>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list.Items)
        {
            if (ReadOne(item, findings) is not { } one) continue;
            if (keys.Add(one.Key)) declared.Add(one);
            else findings.Error(item, $"{one.Key} is declared here a second time.", "Keep one of them.");
        }

        return declared;
    }

    private static EnvironmentDeclaration? ReadOne(YamlValue item, Findings findings)
    {
        if (item is not YamlScalar { IsNull: false } scalar)
        {
            findings.Error(item, "A variable is expected here.", "Write '- KEY' (required) or '- KEY=default'.");
            return null;
        }

        var equals = scalar.Text.IndexOf('=', StringComparison.Ordinal);
        var key = (equals < 0 ? scalar.Text : scalar.Text[..equals]).Trim();
        if (EnvironmentSet.IsReserved(key))
        {
            findings.Warn(scalar, $"{key} is ignored: the rack gives it to every process itself.");
            return null;
        }

        if ((key == "*" && equals < 0) || EnvironmentSet.IsKey(key)) return new(key, equals < 0 ? null : scalar.Text[(equals + 1)..]);
        findings.Error(scalar, $"'{key}' cannot be the name of a variable.", "A name is letters, digits and underscores, and does not begin with a digit.");
        return null;
    }
}
