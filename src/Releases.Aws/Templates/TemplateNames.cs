namespace Releases.Aws;

/// <summary>Names of resources in a template: letters and digits, each once.</summary>
internal sealed class TemplateNames
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary><c>order-api</c> as <c>OrderApi</c>; with a number where that is another service's.</summary>
    public string Of(ServiceName service)
    {
        var name = Pascal(service.ToString());
        var free = name;
        for (var number = 2; !_taken.Add(free); number++) free = $"{name}X{number}";
        return free;
    }

    /// <summary>Each word begins with a capital; what is neither a letter nor a digit separates words.</summary>
    public static string Pascal(string name) => string.Concat(
        name.Split([.. name.Where(c => !char.IsAsciiLetterOrDigit(c))], StringSplitOptions.RemoveEmptyEntries)
            .Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
}
