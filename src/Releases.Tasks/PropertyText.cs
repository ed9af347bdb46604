namespace Releases.Tasks;

/// <summary>Formats an option of a request as the property that a build has for it.</summary>
internal static class PropertyText
{
    /// <summary>Returns what to do about the property, or null if builds have none for the option.</summary>
    public static string? Of(RemedyOption option)
    {
        var property = option.Name switch
        {
            "app" => "ConvoxApp",
            "rack" => "ConvoxRack",
            "from" => "ConvoxFrom",
            "service" => "ConvoxService",
            _ => null,
        };
        return property is null ? null : option.IsLeftOut ? $"leave out {property}" : $"pass -p:{property}={option.Value}";
    }
}
