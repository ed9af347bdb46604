namespace Releases.Aws;

/// <summary>Creates the unique names of resources in a template, from letters and digits.</summary>
internal sealed class TemplateNames
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Converts <c>order-api</c> to <c>OrderApi</c>, with a number if another service already has that name.</summary>
    public string Of(ServiceName service)
    {
        var name = Pascal(service.ToString());
        var free = name;
        for (var number = 2; !_taken.Add(free); number++) free = $"{name}X{number}";
        return free;
    }

    /// <summary>Capitalizes each word; anything other than a letter or a digit separates words.</summary>
    public static string Pascal(string name) => string.Concat(
        name.Split([.. name.Where(c => !char.IsAsciiLetterOrDigit(c))], StringSplitOptions.RemoveEmptyEntries)
            .Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
}
